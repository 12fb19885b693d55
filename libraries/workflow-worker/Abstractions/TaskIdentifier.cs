namespace Dapr.Workflow.Abstractions;

/// <summary>The name of a workflow or an activity.</summary>
/// <param name="Name">The name.</param>
public readonly record struct TaskIdentifier(string Name)
{
    /// <summary>Takes a name from an identifier.</summary>
    /// <param name="identifier">The identifier.</param>
    public static implicit operator string(TaskIdentifier identifier) => identifier.Name;

    /// <summary>Makes an identifier of a name.</summary>
    /// <param name="name">The name.</param>
    public static implicit operator TaskIdentifier(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
