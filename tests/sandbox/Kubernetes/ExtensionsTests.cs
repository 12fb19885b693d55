using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class ExtensionsTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Pods = "/api/v1/namespaces/default/pods";

    [Fact]
    public async Task Admission_ThatInjects_ChangesThePodsOfADeployment()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(found => found.Extend(_ => new ClusterExtension { Admissions = [new Injector()] }));

        await cluster.DoAsync("POST", Deployments, Manifests.Web, "application/yaml");

        var pods = await cluster.UntilAsync(Pods, (_, list) => list["items"]!.AsArray().Count == 2);
        Assert.All(pods["items"]!.AsArray(), pod => Assert.Equal("proxy", pod!["spec"]!["containers"]![1]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Admission_ThatRefuses_IsTriedAgainByTheReplicaSet()
    {
        var gatekeeper = new Gatekeeper();
        await using var cluster = await ClusterUnderTest.StartAsync(found => found.Extend(_ => new ClusterExtension { Admissions = [gatekeeper] }));
        await cluster.DoAsync("POST", Deployments, Manifests.Web, "application/yaml");
        await gatekeeper.Refused.Task;

        gatekeeper.IsOpen = true;

        await cluster.UntilAsync($"{Deployments}/web", (_, body) => body["status"]?["readyReplicas"]?.GetValue<int>() == 2);
    }

    [Fact]
    public async Task Health_ThatFindsTrouble_KeepsPodsFromBeingReadyUntilItEnds()
    {
        var health = new Health { Trouble = new PodTrouble("web", "ImagePullBackOff", "Back-off pulling image \"auto\"") };
        await using var cluster = await ClusterUnderTest.StartAsync(found => found.Extend(_ => new ClusterExtension { Health = [health] }));
        await cluster.DoAsync("POST", Deployments, Manifests.Web, "application/yaml");

        await cluster.UntilAsync(Pods, (_, list) => list["items"]!.AsArray().Any(pod =>
            pod!["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]?["reason"]?.GetValue<string>() == "ImagePullBackOff"));
        var stuck = await cluster.DoAsync("GET", $"{Deployments}/web");
        Assert.Null(stuck["status"]!["readyReplicas"]);

        health.Trouble = null;
        await cluster.UntilAsync($"{Deployments}/web", (_, body) => body["status"]?["readyReplicas"]?.GetValue<int>() == 2);
    }

    private sealed class Injector : IAdmission
    {
        public void Admit(AdmissionRequest request)
        {
            if (request.IsCreate && request.Kind.GroupResource == "pods")
            {
                ((JsonArray)request.Object["spec"]!["containers"]!).Add(new JsonObject { ["name"] = "proxy", ["image"] = "proxy:1" });
            }
        }
    }

    private sealed class Gatekeeper : IAdmission
    {
        public TaskCompletionSource Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsOpen;

        public void Admit(AdmissionRequest request)
        {
            if (!IsOpen && request.Kind.GroupResource == "pods")
            {
                Refused.TrySetResult();
                throw Refusals.Forbidden(request.Kind, request.Object.Name(), "not yet");
            }
        }
    }

    private sealed class Health : IPodHealth
    {
        public volatile PodTrouble? Trouble;

        public PodTrouble? TroubleOf(JsonObject pod) => Trouble;
    }
}
