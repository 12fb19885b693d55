namespace Dapr.Workflow.Abstractions.Attributes;

/// <summary>Marks a class as a workflow and may give it a name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute : Attribute
{
    /// <summary>Marks a workflow that is named after its class.</summary>
    public WorkflowAttribute()
    {
    }

    /// <summary>Marks a workflow and names it.</summary>
    /// <param name="name">The name.</param>
    public WorkflowAttribute(string name) => Name = name;

    /// <summary>The name, or <see langword="null"/>: the class's name.</summary>
    public string? Name { get; }
}
