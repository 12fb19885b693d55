namespace Dapr.Workflow.Connection;

/// <summary>The ids that a client makes when its caller names none: outside of replayed code, so they may be random.</summary>
internal static class RandomIds
{
#pragma warning disable RS0030 // The one place for a random instance id.
    public static string New() => Guid.NewGuid().ToString();
#pragma warning restore RS0030
}
