using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;
using Authority = MeshWorkflow.MeshPackage.Manifests.CertificateAuthority;
using Overlay = MeshWorkflow.MeshPackage.Manifests.Overlay;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>The manifests of a cluster's control plane: the package's, with the fleet's and the cluster's values.</summary>
internal sealed class ControlPlaneManifests(
    MeshPackages packages, ManifestRenderer renderer, Memberships memberships, Projects projects)
{
    // Which revision is the default one is the step revision-tag's.
    private static readonly string[] OfTheDefault = ["istiod-default-validator", "istio-revision-tag-default"];

    public async Task<IReadOnlyList<WantedObject>> WantedAsync(
        ControlPlaneSpec spec, Cluster cluster, ObjectClient client, CancellationToken cancellationToken)
    {
        var version = MeshVersion.Parse(spec.Package.Version);
        var package = await packages.GetAsync(spec.Package.ToRequest(), cancellationToken);
        var values = new MeshValues
        {
            Revision = spec.RevisionName(),
            FleetProject = spec.FleetProject,
            FleetNumber = await projects.NumberAsync(spec.FleetProject, cancellationToken),
            Authority = AuthorityOf(spec),
            AuthorityPool = spec.CaPool,
            Options = spec.Options,
            Overlays = [.. spec.Overlays.Select(overlay => new Overlay(overlay.Name, overlay.Content))],
            Cluster = new MeshCluster(
                spec.Cluster.Project,
                await projects.NumberAsync(spec.Cluster.Project, cancellationToken),
                spec.Cluster.Location,
                spec.Cluster.Name,
                spec.NetworkId is { Length: > 0 } network ? network : $"{spec.Cluster.Project}-{cluster.Network}",
                await IdentityProviderAsync(spec, cancellationToken))
            {
                KnownAliases = await KnownAliasesAsync(client, cancellationToken),
            },
        };
        var manifests = (await renderer.RenderAsync(package, values, cancellationToken))
            .Where(manifest => !OfTheDefault.Contains(manifest.Body.NameOf()))
            .ToList();
        var own = manifests
            .Where(manifest => !manifest.IsShared)
            .Select(manifest => (manifest.Body.Text("kind"), manifest.Body.NameOf()))
            .ToHashSet();
        var wanted = await WantedObjects.OfAsync(
            client.Types, [.. manifests.Select(manifest => manifest.Body)], ControlPlaneStep.MeshNamespace, cancellationToken);
        return [.. wanted.Select(one => one with { IsShared = !own.Contains((one.Type.Kind, one.Target.Name)) })];
    }

    private static Authority AuthorityOf(ControlPlaneSpec spec) => spec.Ca switch
    {
        Protos.ControlPlane.V1.CertificateAuthority.MeshCa => Authority.MeshCa,
        Protos.ControlPlane.V1.CertificateAuthority.GcpCas => Authority.CaService,
        Protos.ControlPlane.V1.CertificateAuthority.Citadel => Authority.IstioCa,
        _ => throw new MeshException("CA_UNKNOWN", "The request names no certificate authority.", "Use mesh_ca, gcp_cas or citadel."),
    };

    // Before the cluster is registered: the membership that it will get.
    private async Task<string> IdentityProviderAsync(ControlPlaneSpec spec, CancellationToken cancellationToken)
    {
        var known = await memberships.OfAsync(spec.FleetProject, spec.Cluster.ToName(), cancellationToken);
        return known.Found?.Authority?.IdentityProvider is { Length: > 0 } provider
            ? provider
            : $"https://gkehub.googleapis.com/{known.Name.RelativeName}";
    }

    // Certificates that a control plane of before has signed are to be accepted for as long as they live.
    private static async Task<IReadOnlyList<string>> KnownAliasesAsync(ObjectClient client, CancellationToken cancellationToken)
    {
        var maps = await client.ListAsync(
            new ObjectType("v1", "ConfigMap", "configmaps"), ControlPlaneStep.MeshNamespace, "labelSelector=istio.io%2Frev", cancellationToken);
        return [.. maps
            .Where(map => map.NameOf() == "istio" || map.NameOf().StartsWith("istio-", StringComparison.Ordinal))
            .Select(map => map.Text("data", "mesh"))
            .OfType<string>()
            .SelectMany(Aliases)
            .Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Aliases(string mesh)
    {
        try
        {
            return [.. Yaml.Read(mesh).OfType<JsonObject>()
                .SelectMany(one => one.Node("trustDomainAliases") as JsonArray ?? [])
                .Select(alias => alias?.ToString() ?? "")
                .Where(alias => alias.Length > 0)];
        }
        catch (FormatException)
        {
            // Somebody's map of another kind.
            return [];
        }
    }
}
