using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Services get an address of the cluster, and ports of its nodes where they need them.</summary>
internal sealed class ServiceRules(ResourceKind kind, ClusterState cluster) : KindRules(kind)
{
    private const int FirstNodePort = 30_000;

    public override void Complete(JsonObject wanted)
    {
        var spec = wanted.Need("spec");
        foreach (var port in spec.Objects("ports"))
        {
            port["targetPort"] ??= port["port"]?.DeepClone();
        }

        if (spec.Text("type") != "ExternalName")
        {
            spec["internalTrafficPolicy"] ??= "Cluster";
        }

        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            spec["externalTrafficPolicy"] ??= "Cluster";
        }

        if (spec.Text("type") == "LoadBalancer")
        {
            spec["allocateLoadBalancerNodePorts"] ??= true;
        }
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        var ports = spec.Objects("ports").ToList();
        if (ports.Count == 0 && spec.Text("type") != "ExternalName" && spec.Text("clusterIP") != "None")
        {
            yield return FieldMistake.Required("spec.ports");
        }

        for (var i = 0; i < ports.Count; i++)
        {
            if (ports.Count > 1 && ports[i].Text("name").Length == 0)
            {
                yield return FieldMistake.Required($"spec.ports[{i}].name");
            }

            if (ports[i].Number("port") is not (> 0 and < 65536))
            {
                yield return FieldMistake.Invalid($"spec.ports[{i}].port", ports[i]["port"]?.ToString() ?? "0", "must be between 1 and 65535, inclusive");
            }
        }

        if (current.Object("spec").Text("clusterIP") is { Length: > 0 } was && spec.Text("clusterIP") is { Length: > 0 } now && was != now)
        {
            yield return FieldMistake.Invalid("spec.clusterIPs[0]", $"[]string{{\"{now}\"}}", "may not change once set");
        }
    }

    public override void PrepareCreate(JsonObject wanted)
    {
        base.PrepareCreate(wanted);
        wanted["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Allocate(wanted.Need("spec"));
    }

    public override void PrepareUpdate(JsonObject current, JsonObject wanted, string subresource)
    {
        base.PrepareUpdate(current, wanted, subresource);
        var (was, spec) = (current.Object("spec"), wanted.Need("spec"));
        if (subresource == "status")
        {
            return;
        }

        if (spec.Text("clusterIP").Length == 0 && spec.Text("type") != "ExternalName" && was?["clusterIP"] is { } address)
        {
            spec["clusterIP"] = address.DeepClone();
            spec["clusterIPs"] = was["clusterIPs"]?.DeepClone();
        }

        foreach (var port in spec.Objects("ports").Where(_ => spec.Text("type") is "NodePort" or "LoadBalancer"))
        {
            var same = was.Objects("ports").FirstOrDefault(old => old.Number("port") == port.Number("port") && old.Text("protocol") == port.Text("protocol"));
            port["nodePort"] ??= same?["nodePort"]?.DeepClone();
        }

        Allocate(spec);
    }

    private void Allocate(JsonObject spec)
    {
        var type = spec.Text("type");
        if (type == "ExternalName")
        {
            return;
        }

        if (spec.Text("clusterIP").Length == 0)
        {
            var number = cluster.NextServiceAddress();
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"10.8.{(number >> 8) & 15}.{number & 255}");
        }

        spec["clusterIPs"] ??= new JsonArray(spec.Text("clusterIP"));
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
        foreach (var port in spec.Objects("ports"))
        {
            if (type is "NodePort" or "LoadBalancer" && (port.Number("nodePort") ?? 0) == 0)
            {
                port["nodePort"] = FirstNodePort + (cluster.NextServiceAddress() % 2_768);
            }
            else if (type == "ClusterIP")
            {
                port.Remove("nodePort");
            }
        }
    }
}
