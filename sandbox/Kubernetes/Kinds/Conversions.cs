using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>Takes objects from one version of their kind to another. Only autoscaling's versions and events differ in more than their name.</summary>
internal static class Conversions
{
    private const string MetricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";

    public static JsonObject ToStorage(ResourceKind kind, KindVersion from, JsonObject node)
    {
        node["apiVersion"] = kind.Stored.ApiVersion(kind.Stored.Storage);
        if (kind.Shows is not null)
        {
            EventViews.ToCore(node);
        }

        if (kind.GroupResource == "horizontalpodautoscalers.autoscaling" && from.Name == "v1")
        {
            FromV1(node);
        }

        return node;
    }

    /// <summary>A copy in another version.</summary>
    public static JsonObject FromStorage(ResourceKind kind, KindVersion to, JsonObject stored)
    {
        var node = stored.Copy();
        node["apiVersion"] = kind.ApiVersion(to);
        if (kind.Shows is not null)
        {
            EventViews.FromCore(node);
        }

        if (kind.GroupResource == "horizontalpodautoscalers.autoscaling" && to.Name == "v1")
        {
            ToV1(node);
        }

        return node;
    }

    private static void FromV1(JsonObject node)
    {
        var spec = node.Need("spec");
        if (spec.Number("targetCPUUtilizationPercentage") is { } percent)
        {
            spec.Remove("targetCPUUtilizationPercentage");
            spec["metrics"] = new JsonArray(Cpu("target", new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent }));
        }

        if (node.Annotation(MetricsAnnotation) is { } others)
        {
            node.Metadata().Need("annotations").Remove(MetricsAnnotation);
            foreach (var metric in (JsonNode.Parse(others) as JsonArray ?? []).ToList())
            {
                if (spec["metrics"] is not JsonArray metrics)
                {
                    spec["metrics"] = metrics = [];
                }

                metrics.Add(metric?.DeepClone());
            }
        }
    }

    private static void ToV1(JsonObject node)
    {
        var spec = node.Need("spec");
        var metrics = spec.Objects("metrics").ToList();
        spec.Remove("metrics");
        spec.Remove("behavior");
        var cpu = metrics.Find(metric => metric.Object("resource").Text("name") == "cpu" && Percent(metric, "target") is not null);
        if (cpu is not null && Percent(cpu, "target") is { } percent)
        {
            metrics.Remove(cpu);
            spec["targetCPUUtilizationPercentage"] = percent;
        }

        if (metrics.Count > 0)
        {
            node.SetAnnotation(MetricsAnnotation, new JsonArray([.. metrics.Select(metric => metric.DeepClone())]).ToJsonString());
        }

        if (node.Object("status") is { } status)
        {
            var current = status.Objects("currentMetrics").Select(metric => Percent(metric, "current")).FirstOrDefault(value => value is not null);
            status.Remove("currentMetrics");
            status.Remove("conditions");
            if (current is not null)
            {
                status["currentCPUUtilizationPercentage"] = current;
            }
        }
    }

    private static long? Percent(JsonObject metric, string side) => metric.Object("resource").Object(side).Number("averageUtilization");

    private static JsonObject Cpu(string side, JsonObject value) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject { ["name"] = "cpu", [side] = value },
    };
}
