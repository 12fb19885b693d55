using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Services get an address of the cluster, and ports of its nodes where they need them.</summary>
internal sealed class ServiceRules(ResourceKind kind, ClusterState cluster) : KindRules(kind)
{
    private const int FirstNodePort = 30_000;

    private static readonly (string Field, string[] Values)[] Supported =
    [
        ("type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
        ("sessionAffinity", ["ClientIP", "None"]),
        ("internalTrafficPolicy", ["Cluster", "Local"]),
        ("externalTrafficPolicy", ["Cluster", "Local"]),
        ("ipFamilyPolicy", ["PreferDualStack", "RequireDualStack", "SingleStack"]),
    ];

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

        foreach (var mistake in Values(spec).Concat(ServicePorts.Mistakes(ports)))
        {
            yield return mistake;
        }

        if (current.Object("spec").Text("clusterIP") is { Length: > 0 } was && spec.Text("clusterIP") is { Length: > 0 } now && was != now)
        {
            yield return FieldMistake.Invalid("spec.clusterIPs[0]", $"[]string{{\"{now}\"}}", "may not change once set");
        }
    }

    private static IEnumerable<FieldMistake> Values(JsonObject? spec)
    {
        foreach (var (field, supported) in Supported)
        {
            if (spec.Text(field) is { Length: > 0 } value && !supported.Contains(value))
            {
                yield return FieldMistake.NotSupported($"spec.{field}", value, supported);
            }
        }

        if (spec.Text("type") == "ExternalName")
        {
            if (spec.Text("externalName").Length == 0)
            {
                yield return FieldMistake.Required("spec.externalName");
            }
            else if (NameFormats.SubdomainMistake(spec.Text("externalName").TrimEnd('.')) is { } mistake)
            {
                yield return FieldMistake.Invalid("spec.externalName", $"\"{spec.Text("externalName")}\"", mistake);
            }
        }

        if (spec.Text("clusterIP") is { Length: > 0 } address && address != "None" && !System.Net.IPAddress.TryParse(address, out _))
        {
            yield return FieldMistake.Invalid("spec.clusterIPs[0]", $"\"{address}\"", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }

        foreach (var mistake in MetadataChecks.Labels(spec.Entries("selector"), "spec.selector"))
        {
            yield return mistake;
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
