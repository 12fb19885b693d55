namespace Dapr.Workflow;

/// <summary>Registrations that generated code made before the app's own.</summary>
public static class WorkflowAutoRegistry
{
    private static readonly Lock Gate = new();
    private static readonly List<Action<WorkflowRuntimeOptions>> Registrations = [];

    /// <summary>Adds registrations to every worker that is configured after this call.</summary>
    /// <param name="registration">The registrations.</param>
    public static void Register(Action<WorkflowRuntimeOptions> registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        lock (Gate)
        {
            Registrations.Add(registration);
        }
    }

    internal static void Apply(WorkflowRuntimeOptions options)
    {
        Action<WorkflowRuntimeOptions>[] registrations;
        lock (Gate)
        {
            registrations = [.. Registrations];
        }

        foreach (var register in registrations)
        {
            register(options);
        }
    }
}
