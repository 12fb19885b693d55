namespace Dapr.Workflow.Abstractions.Attributes;

/// <summary>Marks a class as an activity and may give it a name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowActivityAttribute : Attribute
{
    /// <summary>Marks an activity that is named after its class.</summary>
    public WorkflowActivityAttribute()
    {
    }

    /// <summary>Marks an activity and names it.</summary>
    /// <param name="name">The name.</param>
    public WorkflowActivityAttribute(string name) => Name = name;

    /// <summary>The name, or <see langword="null"/>: the class's name.</summary>
    public string? Name { get; }
}
