using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>An istiod becomes ready only if its secrets and its configuration are right.</summary>
internal sealed class IstiodHealth(ClusterState cluster, MeshRoots roots) : IPodHealth
{
    private const string Container = "discovery";
    private static readonly string[] Authorities = ["GoogleCA", "GoogleCAS", "Citadel"];

    public PodTrouble? TroubleOf(JsonObject pod)
    {
        if (!Istiods.Is(pod))
        {
            return null;
        }

        if (cluster.World.Quirks.Contains(WorldQuirks.IstiodNeverReady))
        {
            return new PodTrouble(Container, "", "Readiness probe failed: HTTP probe failed with statuscode: 503");
        }

        var suffix = Istiods.Suffix(Istiods.RevisionOf(pod));
        return Missing(pod, $"istio{suffix}", "mesh")
            ?? Missing(pod, $"istio-sidecar-injector{suffix}", "values")
            ?? OfAuthority(pod, $"istio{suffix}")
            ?? OfCertificates(pod);
    }

    private static PodTrouble Crash(string message) => new(Container, "CrashLoopBackOff", $"back-off restarting failed container: {message}");

    private PodTrouble? Missing(JsonObject pod, string map, string key) =>
        Data(pod, map)?[key] is null ? Crash($"configmap {pod.Namespace()}/{map} has no {key}") : null;

    private JsonObject? Data(JsonObject pod, string map) =>
        cluster.Store.Find(BuiltinKinds.Find("", "configmaps"), pod.Namespace(), map)?.Object("data");

    private PodTrouble? OfAuthority(JsonObject pod, string map)
    {
        var mesh = Data(pod, map).Text("mesh");
        var at = mesh.IndexOf("CA_PROVIDER:", StringComparison.Ordinal);
        var provider = at < 0 ? "Citadel" : mesh[(at + "CA_PROVIDER:".Length)..].Split('\n')[0].Trim().Trim('"');
        return Authorities.Contains(provider) ? null : Crash($"unknown CA provider \"{provider}\"");
    }

    private PodTrouble? OfCertificates(JsonObject pod) => roots.WrongWith(pod.Namespace()) is { } wrong ? Crash(wrong) : null;
}
