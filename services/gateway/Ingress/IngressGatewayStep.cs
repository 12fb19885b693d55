using System.Text.Json.Nodes;
using MeshWorkflow.Gateway.Clusters;
using MeshWorkflow.Gateway.Injection;
using MeshWorkflow.Gateway.Namespaces;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Ingress;

/// <summary>
/// An ingress gateway: the package's sample, or manifests of people's own. Its pods get their image by injection, so the namespace's
/// label is looked at before anything is applied.
/// </summary>
internal sealed class IngressGatewayStep(GatewayClusters clusters, MeshPackages packages, ObjectChanges objects) : Step<IngressGatewaySpec>
{
    public override string Name => "ingress-gateway";

    protected override async Task<Plan> PlanAsync(IngressGatewaySpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        InjectionLabels.RefuseMesh(spec.Namespace);
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        if (!spec.LabelExpected)
        {
            await RefuseUnlabelledAsync(spec, place, cancellationToken);
        }

        var wanted = await WantedObjects.OfAsync(
            place.Client.Types, await ManifestsAsync(spec, cancellationToken), spec.Namespace, cancellationToken);
        var astray = wanted.FirstOrDefault(one => one.Target.Namespace is { } other && other != spec.Namespace);
        return astray is null
            ? new Plan
            {
                Changes = { await objects.PlanAsync(place, [.. wanted.Select(one => one with { IsShared = true })], facts, cancellationToken) },
            }
            : throw new MeshException(
                "MANIFEST_INVALID",
                $"{astray.Target} of the gateway's manifests lies in another namespace than {spec.Namespace}.",
                "Leave metadata.namespace out.");
    }

    protected override async Task<Outcome> ApplyAsync(
        IngressGatewaySpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        await RefuseUnlabelledAsync(spec, place, cancellationToken);
        return await objects.ApplyAsync(place, plan.Changes, facts, cancellationToken) ?? Outcomes.Done();
    }

    protected override async Task<Outcome> VerifyAsync(
        IngressGatewaySpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var workloads = plan.Changes.Select(change => ObjectRef.Parse(change.Resource)).Where(target => target.Plural == "deployments");
        foreach (var target in facts.Side is Side.After ? workloads : [])
        {
            if (await place.Client.FindAsync(target, cancellationToken) is { } workload)
            {
                await LookAtPodsAsync(spec, place, workload, cancellationToken);
            }
        }

        return await objects.VerifyAsync(place, plan.Changes, facts, cancellationToken) ?? Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(
        IngressGatewaySpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        (await objects.RevertAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)).ToOutcome();

    /// <exception cref="MeshException">The pods would not be injected: <c>NAMESPACE_NOT_LABELLED</c>.</exception>
    private static async Task RefuseUnlabelledAsync(IngressGatewaySpec spec, ObjectPlace place, CancellationToken cancellationToken)
    {
        var labels = await InjectionLabels.ChooseAsync(place.Client, spec.Revision, isTagExpected: false, cancellationToken);
        var live = await place.Client.FindAsync(InjectionLabels.Target(spec.Namespace), cancellationToken);
        if (live is null || !labels.AreOn(live))
        {
            throw new MeshException(
                "NAMESPACE_NOT_LABELLED",
                $"Namespace {spec.Namespace} {(live is null ? "does not exist" : "is not labelled for injection")}: "
                + "the gateway's pods would try to pull an image called 'auto' (ImagePullBackOff).",
                $"Label it {labels}, without the other label; both at once switch injection off.");
        }
    }

    /// <exception cref="WaitException">They aren't ready yet.</exception>
    /// <exception cref="MeshException">They never will be: <c>PROXY_NOT_INJECTED</c> or <c>PROXY_OF_OTHER_REVISION</c>.</exception>
    private static async Task LookAtPodsAsync(
        IngressGatewaySpec spec, ObjectPlace place, JsonObject workload, CancellationToken cancellationToken)
    {
        var pods = (await Rollouts.PodsAsync(place.Client, workload, cancellationToken)).Where(Proxies.AreAlive).ToList();
        if (pods.FirstOrDefault(pod => pod.Items("spec", "containers").Any(container => container.Text("image") == "auto")) is { } bare)
        {
            throw new MeshException(
                "PROXY_NOT_INJECTED",
                $"Pod {spec.Namespace}/{bare.NameOf()} came without its proxy, so it tries to pull an image called 'auto': {Rollouts.Trouble(bare)}.",
                "The namespace was not labelled for injection when the pod was made, or istiod's injector was not asked. Check its labels and webhook.");
        }

        if (await Rollouts.WaitsForAsync(place.Client, workload, cancellationToken) is { } reason)
        {
            throw new WaitException(reason);
        }

        if (pods.FirstOrDefault(pod => ProxyStatus.RevisionOf(pod) is { } revision && revision != spec.Revision) is { } other)
        {
            throw new MeshException(
                "PROXY_OF_OTHER_REVISION",
                $"Pod {spec.Namespace}/{other.NameOf()} runs the proxy of {ProxyStatus.RevisionOf(other)}, not of {spec.Revision}.",
                "Check which revision the namespace's label and the default tag stand for.");
        }
    }

    private async Task<IReadOnlyList<JsonObject>> ManifestsAsync(IngressGatewaySpec spec, CancellationToken cancellationToken)
    {
        var files = spec.Manifests.Select(manifest => (manifest.Name, manifest.Content)).ToList();
        if (files.Count == 0)
        {
            var package = await packages.GetAsync(
                new PackageRequest(
                    MeshVersion.Parse(spec.Package.Version),
                    spec.Package.Release,
                    spec.Package.Configuration,
                    spec.Package.ReleaseSha256,
                    spec.Package.ConfigurationSha256),
                cancellationToken);
            files = [.. package.IngressGatewayFiles().Select(file => (Path.GetFileName(file), File.ReadAllText(file)))];
        }

        return [.. files.SelectMany(file => Read(file.Item1, file.Item2))];
    }

    private static IReadOnlyList<JsonObject> Read(string name, string content)
    {
        try
        {
            return Yaml.ReadObjects(content);
        }
        catch (FormatException exception)
        {
            throw new MeshException("MANIFEST_INVALID", $"{name} holds no manifests that can be read: {exception.Message}.", "Give Kubernetes manifests, YAML.");
        }
    }
}
