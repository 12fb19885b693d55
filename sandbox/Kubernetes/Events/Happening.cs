namespace MeshWorkflow.Sandbox.Kubernetes.Events;

/// <summary>What happened to an object.</summary>
/// <param name="Reason">In one word, such as <c>Started</c>.</param>
/// <param name="Message">In words.</param>
internal sealed record Happening(string Reason, string Message)
{
    public bool IsWarning { get; init; }

    /// <summary>The part of the object, such as <c>spec.containers{web}</c>.</summary>
    public string Field { get; init; } = "";

    /// <summary>What was tried, where the reporter says that.</summary>
    public string Action { get; init; } = "";

    public static Happening Warning(string reason, string message) => new(reason, message) { IsWarning = true };
}
