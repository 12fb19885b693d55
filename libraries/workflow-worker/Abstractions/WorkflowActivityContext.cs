using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow;

/// <summary>Tells an activity who calls it.</summary>
public abstract class WorkflowActivityContext
{
    /// <summary>The activity's name as the workflow called it.</summary>
    public abstract TaskIdentifier Identifier { get; }

    /// <summary>
    /// A key of this call: the same for every delivery and replay of it, another one for each attempt of a retry policy.
    /// </summary>
    public abstract string TaskExecutionKey { get; }

    /// <summary>The id of the calling workflow instance.</summary>
    public abstract string InstanceId { get; }
}
