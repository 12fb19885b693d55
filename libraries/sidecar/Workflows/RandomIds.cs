namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Identifiers that nobody is to guess or to repeat: of executions, deliveries and instances without a name.</summary>
internal static class RandomIds
{
#pragma warning disable RS0030 // The one place for random ids.
    public static string New() => Guid.NewGuid().ToString();
#pragma warning restore RS0030
}
