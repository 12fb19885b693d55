namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Which daprd this sidecar stands in for.</summary>
internal static class SidecarVersion
{
    public const string Runtime = "1.18.3+meshworkflow";
}
