using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Lists the pods behind services that select some: in Endpoints and in an EndpointSlice.</summary>
internal sealed class EndpointsController(ClusterState cluster) : IController
{
    private const string ServiceName = "kubernetes.io/service-name";
    private static readonly ResourceKind Services = BuiltinKinds.Find("", "services");
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly ResourceKind Endpoints = BuiltinKinds.Find("", "endpoints");
    private static readonly ResourceKind Slices = BuiltinKinds.Find("discovery.k8s.io", "endpointslices");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "services" => [ObjectRef.To(Services, change.Object)],
        "pods" => [.. cluster.Store.List(Services, change.Object.Namespace())
            .Where(service => Selects(service, change.Object)).Select(service => ObjectRef.To(Services, service))],
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        var service = cluster.Store.Find(Services, target.Namespace, target.Name);
        if (service is null || service.IsTerminating())
        {
            // The slices go with their owner; Endpoints have none.
            if (service is null && cluster.Store.Find(Endpoints, target.Namespace, target.Name) is { } left
                && left.Label("endpoints.kubernetes.io/managed-by") is not null)
            {
                cluster.Writer.Delete(Endpoints, left, new DeleteWish(), Facts);
            }

            return;
        }

        if (service.Object("spec").Entries("selector").Count > 0)
        {
            var pods = cluster.Store.List(Pods, target.Namespace)
                .Where(pod => Selects(service, pod) && pod.Object("status").Text("podIP").Length > 0).ToList();
            WriteEndpoints(service, pods);
            WriteSlice(service, pods);
        }
    }

    private static bool Selects(JsonObject service, JsonObject pod)
    {
        var selector = service.Object("spec").Entries("selector");
        return selector.Count > 0 && LabelSelector.Of(selector).Fits(pod.Labels());
    }

    private void WriteEndpoints(JsonObject service, List<JsonObject> pods)
    {
        var ports = service.Object("spec").Objects("ports").ToList();
        var ready = pods.Where(pod => PodFacts.IsReady(pod) && !pod.IsTerminating()).Select(Address).ToList();
        var unready = pods.Where(pod => !PodFacts.IsReady(pod) && !pod.IsTerminating()).Select(Address).ToList();
        var subset = new JsonObject();
        Add(subset, "addresses", ready);
        Add(subset, "notReadyAddresses", unready);
        Add(subset, "ports", [.. ports.Select(port => Port(port, pods))]);
        var wanted = Object(service, "Endpoints", "v1", service.Name());
        wanted.Metadata().Need("labels")["endpoints.kubernetes.io/managed-by"] = "endpoint-controller";
        if (ready.Count + unready.Count > 0)
        {
            wanted["subsets"] = new JsonArray(subset);
        }

        Put(Endpoints, wanted);
    }

    private void WriteSlice(JsonObject service, List<JsonObject> pods)
    {
        var current = cluster.Store.List(Slices, service.Namespace()).FirstOrDefault(slice => slice.Label(ServiceName) == service.Name());
        var wanted = Object(service, "EndpointSlice", "discovery.k8s.io/v1", current?.Name() ?? $"{service.Name()}-{ObjectNames.Random()}");
        wanted.Metadata()["ownerReferences"] = new JsonArray(PodTemplates.Reference(service, Services));
        var labels = wanted.Metadata().Need("labels");
        labels[ServiceName] = service.Name();
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        wanted["addressType"] = "IPv4";
        wanted["endpoints"] = new JsonArray([.. pods.Select(pod => new JsonObject
        {
            ["addresses"] = new JsonArray(pod.Object("status").Text("podIP")),
            ["conditions"] = new JsonObject
            {
                ["ready"] = PodFacts.IsReady(pod) && !pod.IsTerminating(),
                ["serving"] = PodFacts.IsReady(pod),
                ["terminating"] = pod.IsTerminating(),
            },
            ["nodeName"] = pod.Object("spec").Text("nodeName"),
            ["targetRef"] = Reference(pod),
        })]);
        wanted["ports"] = new JsonArray([.. service.Object("spec").Objects("ports").Select(port => Port(port, pods))]);
        Put(Slices, wanted);
    }

    private void Put(ResourceKind kind, JsonObject wanted)
    {
        if (cluster.Store.Find(kind, wanted.Namespace(), wanted.Name()) is not { } current)
        {
            cluster.Writer.Create(kind, wanted, Facts);
            return;
        }

        var changed = current.Copy();
        foreach (var (field, value) in wanted.Where(pair => pair.Key is not ("metadata" or "kind" or "apiVersion")))
        {
            changed[field] = value?.DeepClone();
        }

        if (!wanted.ContainsKey("subsets"))
        {
            changed.Remove("subsets");
        }

        cluster.Writer.Update(kind, current, changed, Facts);
    }

    private static JsonObject Object(JsonObject service, string kind, string version, string name)
    {
        var made = new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = version,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = service.Namespace() },
        };
        foreach (var (key, value) in service.Labels())
        {
            made.Metadata().Need("labels")[key] = value;
        }

        return made;
    }

    private static void Add(JsonObject node, string field, List<JsonObject> items)
    {
        if (items.Count > 0)
        {
            node[field] = new JsonArray([.. items]);
        }
    }

    private static JsonObject Address(JsonObject pod) => new()
    {
        ["ip"] = pod.Object("status").Text("podIP"),
        ["nodeName"] = pod.Object("spec").Text("nodeName"),
        ["targetRef"] = Reference(pod),
    };

    private static JsonObject Reference(JsonObject pod) => new()
    {
        ["kind"] = "Pod",
        ["namespace"] = pod.Namespace(),
        ["name"] = pod.Name(),
        ["uid"] = pod.Uid(),
    };

    private static JsonObject Port(JsonObject port, List<JsonObject> pods)
    {
        var shown = new JsonObject();
        if (port.Text("name") is { Length: > 0 } name)
        {
            shown["name"] = name;
        }

        // A target port may go by the name that a container gives it.
        var target = port.Number("targetPort") ?? pods.SelectMany(pod => pod.Object("spec").Objects("containers"))
            .SelectMany(container => container.Objects("ports"))
            .FirstOrDefault(found => found.Text("name") == port.Text("targetPort")).Number("containerPort");
        shown["port"] = target ?? port.Number("port");
        shown["protocol"] = port.Text("protocol");
        return shown;
    }
}
