using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>The manifests of a cluster's control plane: the package's, with the fleet's and the cluster's values.</summary>
internal sealed class ControlPlaneManifests(
    MeshPackages packages, ManifestRenderer renderer, Memberships memberships, Projects projects)
{
    // Which revision is the default one is the step revision-tag's.
    private static readonly string[] OfTheDefault = ["istiod-default-validator", "istio-revision-tag-default"];

    public async Task<RenderedControlPlane> RenderAsync(
        ControlPlaneSpec spec, Cluster cluster, ObjectClient client, CancellationToken cancellationToken)
    {
        var package = await packages.GetAsync(spec.Package.ToRequest(), cancellationToken);
        var values = spec.ToValues(
            await projects.NumberAsync(spec.FleetProject, cancellationToken),
            new MeshCluster(
                spec.Cluster.Project,
                await projects.NumberAsync(spec.Cluster.Project, cancellationToken),
                spec.Cluster.Location,
                spec.Cluster.IsElsewhere() ? spec.Cluster.ToTarget().Membership.Id : spec.Cluster.Name,
                GkeClusters.NetworkOf(spec.Cluster, cluster, spec.NetworkId),
                await IdentityProviderAsync(spec, cancellationToken))
            {
                KnownAliases = await KnownAliasesAsync(client, cancellationToken),
                IsElsewhere = spec.Cluster.IsElsewhere(),
            });

        // First: it names the overlay and the place that istioctl would only complain of.
        var effective = EffectiveOperator.Of(package, values);
        var rendered = await renderer.RenderAsync(package, values, cancellationToken);
        var manifests = rendered
            .Where(manifest => !OfTheDefault.Contains(manifest.Body.NameOf()))
            .ToList();
        var own = manifests
            .Where(manifest => !manifest.IsShared)
            .Select(manifest => (manifest.Body.Text("kind"), manifest.Body.NameOf()))
            .ToHashSet();
        var wanted = await WantedObjects.OfAsync(
            client.Types, [.. manifests.Select(manifest => manifest.Body)], ControlPlaneStep.MeshNamespace, cancellationToken);
        return new RenderedControlPlane(
            [.. wanted.Select(one => one with { IsShared = !own.Contains((one.Type.Kind, one.Target.Name)) })],
            effective,
            EffectiveOperator.Layers(package, values),
            await renderer.DifferenceAsync(package, values, rendered, cancellationToken));
    }

    // Before the cluster is registered: the membership that it will get.
    private async Task<string> IdentityProviderAsync(ControlPlaneSpec spec, CancellationToken cancellationToken)
    {
        var known = await memberships.OfAsync(spec.FleetProject, spec.Cluster.ToTarget(), cancellationToken);
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

/// <summary>What a cluster's control plane is to be.</summary>
/// <param name="Objects">Its objects.</param>
/// <param name="Operator">What they are rendered from, YAML.</param>
/// <param name="Layers">What options and overlays set in the operator, each by its name, line by line.</param>
/// <param name="Difference">What options and overlays make of the objects, line by line.</param>
internal sealed record RenderedControlPlane(
    IReadOnlyList<WantedObject> Objects, string Operator, IReadOnlyList<string> Layers, IReadOnlyList<string> Difference);
