using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Failures;
using Authority = MeshWorkflow.MeshPackage.Manifests.CertificateAuthority;
using Overlay = MeshWorkflow.MeshPackage.Manifests.Overlay;

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

    /// <summary>What a control plane is rendered for.</summary>
    /// <exception cref="MeshException">The spec names no certificate authority.</exception>
    public static MeshValues ToValues(this ControlPlaneSpec spec, string fleetNumber, MeshCluster cluster) => new()
    {
        Revision = spec.RevisionName(),
        FleetProject = spec.FleetProject,
        FleetNumber = fleetNumber,
        Authority = spec.Ca switch
        {
            Protos.ControlPlane.V1.CertificateAuthority.MeshCa => Authority.MeshCa,
            Protos.ControlPlane.V1.CertificateAuthority.GcpCas => Authority.CaService,
            Protos.ControlPlane.V1.CertificateAuthority.Citadel => Authority.IstioCa,
            _ => throw new MeshException("CA_UNKNOWN", "The request names no certificate authority.", "Use mesh_ca, gcp_cas or citadel."),
        },
        AuthorityPool = spec.CaPool,
        Options = spec.Options,
        Overlays = [.. spec.Overlays.Select(overlay => new Overlay(overlay.Name, overlay.Content))],
        Cluster = cluster,
    };
}
