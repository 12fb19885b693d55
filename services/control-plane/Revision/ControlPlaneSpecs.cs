using MeshWorkflow.MeshPackage;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>What specs leave to their defaults.</summary>
internal static class ControlPlaneSpecs
{
    public static PackageRequest ToRequest(this Protos.ControlPlane.V1.MeshPackage package) => new(
        MeshVersion.Parse(package.Version),
        package.Release,
        package.Configuration,
        package.ReleaseSha256,
        package.ConfigurationSha256);

    public static string RevisionName(this ControlPlaneSpec spec) =>
        spec.Revision.Length > 0 ? spec.Revision : MeshVersion.Parse(spec.Package.Version).Revision;
}
