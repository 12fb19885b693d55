namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>How long a test waits for an answer before it says that there is none.</summary>
internal static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
}
