using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>Has istiod put proxies into new pods, as the injectors' webhooks say.</summary>
internal sealed class Injector(ClusterState cluster, Istiods istiods, WebhookCalls webhooks) : IAdmission
{
    private const string Inject = "sidecar.istio.io/inject";
    private const string Status = "sidecar.istio.io/status";
    private const string Proxy = "istio-proxy";
    private const string Network = "topology.istio.io/network";

    public void Admit(AdmissionRequest request)
    {
        var pod = request.Object;
        if (!request.IsCreate || request.Kind.GroupResource != "pods" || IsLeftOut(pod))
        {
            return;
        }

        foreach (var webhook in cluster.Store.List(Istiods.Injectors).SelectMany(found => found.Objects("webhooks")).ToList())
        {
            if (pod.Annotation(Status) is null && webhooks.IsFor(webhook, request.Kind, pod, "CREATE") && webhooks.Call(webhook) is { } istiod)
            {
                PutIn(pod, Istiods.RevisionOf(istiod), istiod.Namespace());
            }
        }
    }

    // Both labels at once contradict each other: the product's documentation says that nothing is injected then.
    private bool IsLeftOut(JsonObject pod)
    {
        var labels = webhooks.LabelsOf(pod.Namespace());
        return (labels.ContainsKey("istio-injection") && labels.ContainsKey(Istiods.RevisionLabel))
            || pod.Annotation(Inject) == "false"
            || pod.Object("spec").Flag("hostNetwork");
    }

    private void PutIn(JsonObject pod, string revision, string ns)
    {
        var global = GlobalOf(revision, ns);
        var image = $"{global?["hub"]}/proxyv2:{global?["tag"]}";
        var spec = pod.Need("spec");
        var added = new JsonArray();
        if (spec.Objects("containers").FirstOrDefault(container => container.Text("name") == Proxy) is { } gateway)
        {
            gateway["image"] = gateway.Text("image") == "auto" ? image : gateway.Text("image");
        }
        else
        {
            added.Add(Proxy);
            (spec["containers"] as JsonArray)?.Add(new JsonObject { ["name"] = Proxy, ["image"] = image });
            if (spec["initContainers"] is not JsonArray first)
            {
                spec["initContainers"] = first = [];
            }

            first.Add(new JsonObject { ["name"] = "istio-init", ["image"] = image });
        }

        foreach (var proxy in spec.Objects("containers").Where(container => container.Text("name") == Proxy))
        {
            Tell(proxy, "ISTIO_META_CLUSTER_ID", global?["multiCluster"]?["clusterName"]?.ToString());
            Tell(proxy, "ISTIO_META_MESH_ID", global?["meshID"]?.ToString());
            Tell(proxy, "ISTIO_META_NETWORK", pod.Label(Network) ?? global?["network"]?.ToString());
        }

        pod.SetAnnotation(Status, new JsonObject { ["containers"] = new JsonArray(Proxy), ["revision"] = revision }.ToJsonString());
        var labels = pod.Metadata().Need("labels");
        labels["security.istio.io/tlsMode"] = "istio";
        labels["service.istio.io/canonical-name"] ??= pod.Label("app") ?? pod.ControllerReference().Text("name");
        labels["service.istio.io/canonical-revision"] ??= pod.Label("version") ?? "latest";
        labels[Istiods.RevisionLabel] ??= revision;
    }

    // What the proxy says of itself to its istiod; a template of the user's own wins.
    private static void Tell(JsonObject proxy, string name, string? value)
    {
        if (proxy["env"] is not JsonArray variables)
        {
            proxy["env"] = variables = [];
        }

        if (!string.IsNullOrEmpty(value) && !variables.OfType<JsonObject>().Any(variable => variable.Text("name") == name))
        {
            variables.Add(new JsonObject { ["name"] = name, ["value"] = value });
        }
    }

    private JsonNode? GlobalOf(string revision, string ns)
    {
        var text = istiods.Map(ns, $"istio-sidecar-injector{Istiods.Suffix(revision)}").Text("values");
        return text.Length == 0 ? null : JsonNode.Parse(text)?["global"];
    }
}
