using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Gateway;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Sandbox.Worlds;
using ControlPlaneCluster = MeshWorkflow.Protos.ControlPlane.V1.GkeCluster;
using GatewayCluster = MeshWorkflow.Protos.Gateway.V1.GkeCluster;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>A cluster on which the mesh is installed, step by step.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Revision = "asm-1233-2";
    private const string Scope = "cluster/demo-apps/us-central1/mesh-a";
    private const string Cluster = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private static readonly ControlPlaneCluster Target = new() { Project = "demo-apps", Location = "us-central1", Name = "mesh-a" };
    private static readonly GatewayCluster GatewayTarget = new() { Project = "demo-apps", Location = "us-central1", Name = "mesh-a" };

    private Installation(ServiceUnderTest service) => Service = service;

    public ServiceUnderTest Service { get; }

    public ServiceUnderTest? Gateways { get; private set; }

    public static async Task<Installation> StartAsync(World? world = null) =>
        new(await ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, world, ControlPlaneReflection.Descriptor));

    /// <summary>The demo's world with something wrong with its first cluster.</summary>
    public static World WorldWith(params string[] quirks) =>
        World.Demo with { Clusters = [World.Demo.Clusters[0] with { Quirks = quirks }, World.Demo.Clusters[1]] };

    /// <summary>Installs what the gateway service's steps stand on.</summary>
    public static async Task<Installation> WithControlPlaneAsync(World? world = null)
    {
        var made = await StartAsync(world);
        await made.PrepareAsync();
        await made.ControlPlane().BringAboutAsync();
        await made.Tag().BringAboutAsync();
        made.Gateways = await made.Service.StartBesideAsync(GatewayApp.AppId, GatewayApp.Build, GatewayReflection.Descriptor);
        return made;
    }

    /// <summary>Makes the mesh's namespace, with what the cluster itself puts into it.</summary>
    public async Task PrepareAsync()
    {
        await Namespace().BringAboutAsync();
        await UntilAsync(() => Find("namespaces/istio-system/serviceaccounts/default") is not null
            && Find("namespaces/istio-system/configmaps/kube-root-ca.crt") is not null);
    }

    /// <summary>Waits until the world is as it is to become.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    public StepUnderTest Namespace() =>
        Service.Step("mesh-namespace", Scope, new MeshNamespaceSpec { Cluster = Target, Namespace = "istio-system" });

    public StepUnderTest ControlPlane(string rollout = "test", params string[] options) => Service.Step(
        "control-plane",
        Scope,
        new ControlPlaneSpec
        {
            Cluster = Target,
            FleetProject = "demo-fleet",
            Package = new Protos.ControlPlane.V1.MeshPackage { Version = "1.23.3-asm.2" },
            Ca = CertificateAuthority.MeshCa,
            Options = { options },
        },
        rollout);

    public StepUnderTest Tag(string rollout = "test", string revision = Revision, bool move = false) => Service.Step(
        "revision-tag", Scope, new RevisionTagSpec { Cluster = Target, Tag = "default", Revision = revision, Move = move }, rollout);

    public StepUnderTest CanonicalService() => Service.Step(
        "canonical-service",
        Scope,
        new CanonicalServiceSpec { Cluster = Target, Package = new Protos.ControlPlane.V1.MeshPackage { Version = "1.23.3-asm.2" } });

    public StepUnderTest AdminBinding(string member = "user:ann@example.com", string rollout = "test") =>
        Service.Step("cluster-admin-binding", Scope, new ClusterAdminBindingSpec { Cluster = Target, Member = member }, rollout);

    public StepUnderTest GatewayNamespace(string name = "istio-ingress", string rollout = "test") => Gateways!.Step(
        "gateway-namespace", Scope, new GatewayNamespaceSpec { Cluster = GatewayTarget, Namespace = name, Revision = Revision }, rollout);

    public StepUnderTest Gateway(string name = "istio-ingress", params Manifest[] manifests) => Gateways!.Step(
        "ingress-gateway",
        Scope,
        new IngressGatewaySpec
        {
            Cluster = GatewayTarget,
            Namespace = name,
            Revision = Revision,
            Package = new Protos.Gateway.V1.MeshPackage { Version = "1.23.3-asm.2" },
            Manifests = { manifests },
        });

    public StepUnderTest Injection(bool restart = true, params string[] namespaces) => Gateways!.Step(
        "injection",
        Scope,
        new InjectionSpec { Cluster = GatewayTarget, Namespaces = { namespaces }, Revision = Revision, Restart = restart });

    /// <summary>Reads a thing of the world.</summary>
    public JsonNode? Find(string name) => Service.Sandbox.Snapshot().Resources.GetValueOrDefault($"{Cluster}/k8s/{name}");

    public IReadOnlyList<string> Names(string part) =>
        [.. Service.Sandbox.Snapshot().Resources.Keys.Where(name => name.Contains(part, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Makes a call to the cluster's API server, as its owner.</summary>
    public async Task<JsonObject> CallAsync(HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json")
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(method, new Uri(Service.Sandbox.Addresses.Clusters[0].Server, path));
        request.Headers.Authorization = new("Bearer", Service.Sandbox.TokenFor("user:owner@example.com"));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue(contentType));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {answer}");
        return JsonNode.Parse(answer)!.AsObject();
    }

    public Task<JsonObject> PatchAsync(string path, JsonObject patch) =>
        CallAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    public async ValueTask DisposeAsync()
    {
        if (Gateways is not null)
        {
            await Gateways.DisposeAsync();
        }

        await Service.DisposeAsync();
    }
}
