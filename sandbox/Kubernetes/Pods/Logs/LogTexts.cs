using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods.Logs;

/// <summary>What a container writes: when it starts, and then again and again. The same container always writes the same.</summary>
/// <param name="AtStart">Its first lines, a little apart.</param>
/// <param name="Every">How far apart the later lines are.</param>
/// <param name="Again">A later line, by its time.</param>
internal sealed record LogTexts(IReadOnlyList<Func<DateTimeOffset, string>> AtStart, TimeSpan Every, Func<DateTimeOffset, string> Again)
{
    public static LogTexts Of(JsonObject pod, string container)
    {
        var isGateway = container == "istio-proxy" && pod.Object("spec").Objects("containers").Count() == 1;
        return container switch
        {
            "discovery" => Discovery(pod),
            "istio-proxy" => Proxy(pod, isGateway ? "router" : "sidecar"),
            "istio-init" or "istio-validation" => Init(container),
            _ => Web(container),
        };
    }

    private static LogTexts Discovery(JsonObject pod)
    {
        var revision = pod.Label("istio.io/rev") ?? "default";
        return new LogTexts(
            [
                Istio("FLAG: --domain=\"cluster.local\""),
                Istio("FLAG: --monitoringAddr=\":15014\""),
                Istio($"initializing Istiod admin server multiplexed on httpAddr :8080, revision {revision}"),
                Istio("Starting Istiod Server with primary cluster Kubernetes", "klog"),
                Istio("Adding Kubernetes registry \"Kubernetes\"", "serviceController"),
                Istio("Started CA server", "serverca"),
                Istio("All caches have been synced up in 1.2s, marking server ready"),
                Istio("starting secure gRPC discovery service at [::]:15012"),
                Istio("Webhook server listening on [::]:15017"),
            ],
            TimeSpan.FromMinutes(5),
            Istio("Full push, new service, no endpoint changed: Push debounce stable[1] 1 for config ConfigMap", "ads"));
    }

    private static LogTexts Proxy(JsonObject pod, string role) => new(
        [
            Istio($"Proxy role: {role} id={pod.Name()}.{pod.Namespace()} domain={pod.Namespace()}.svc.cluster.local ip={pod.Object("status").Text("podIP")}"),
            Istio("JWT policy is third-party-jwt"),
            Istio("Initializing with upstream address \"istiod\" and cluster \"Kubernetes\"", "xdsproxy"),
            Istio("Envoy command: [-c etc/istio/proxy/envoy-rev.json --drain-time-s 45 --concurrency 2]"),
            Istio("connected to delta upstream XDS server: istiod", "xdsproxy"),
            Istio("generated new workload certificate", "cache"),
            Istio("Readiness succeeded in 1.1s"),
            Istio("Envoy proxy is ready"),
        ],
        TimeSpan.FromMinutes(30),
        Istio("connected to delta upstream XDS server: istiod", "xdsproxy"));

    private static LogTexts Init(string container) => new(
        [Istio($"{container}: Applying iptables rules"), Istio("Running iptables-restore with the following input"), Istio("iptables rules were applied")],
        TimeSpan.MaxValue,
        Istio(""));

    private static LogTexts Web(string container) => new(
        [_ => $"{container} runs in a sandbox", _ => "ready to serve"],
        TimeSpan.FromSeconds(10),
        time => $"10.128.0.2 - - [{time.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)} +0000] \"GET / HTTP/1.1\" 200 615 \"-\" \"kube-probe/1.31\"");

    private static Func<DateTimeOffset, string> Istio(string text, string scope = "") => time =>
        $"{ObjectMeta.MicroTime(time)}\tinfo\t{(scope.Length > 0 ? $"{scope}\t" : "")}{text}";
}
