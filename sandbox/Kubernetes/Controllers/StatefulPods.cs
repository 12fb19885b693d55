using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Makes the pods of StatefulSets: each has a name, a number and volumes that stay its own.</summary>
internal sealed class StatefulPods(ClusterState cluster)
{
    public const string RevisionLabel = "controller-revision-hash";
    private static readonly ResourceKind Sets = BuiltinKinds.Find("apps", "statefulsets");
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly ResourceKind Claims = BuiltinKinds.Find("", "persistentvolumeclaims");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    /// <summary>A pod's number; null: its name has none.</summary>
    public static int? NumberOf(JsonObject pod) =>
        int.TryParse(pod.Name().AsSpan(pod.Name().LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public JsonObject Create(JsonObject set, int number, JsonObject revision)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{set.Name()}-{number}");
        var pod = PodTemplates.Pod(set, Sets, Revisions.TemplateOf(revision));
        var metadata = pod.Metadata();
        metadata.Remove("generateName");
        metadata["name"] = name;
        var labels = metadata.Need("labels");
        labels["apps.kubernetes.io/pod-index"] = number.ToString(CultureInfo.InvariantCulture);
        labels[RevisionLabel] = revision.Name();
        labels["statefulset.kubernetes.io/pod-name"] = name;
        var spec = pod.Need("spec");
        spec["hostname"] = name;
        if (set.Object("spec").Text("serviceName") is { Length: > 0 } service)
        {
            spec["subdomain"] = service;
        }

        Claim(set, name, spec);
        return cluster.Writer.Create(Pods, pod, Facts);
    }

    private void Claim(JsonObject set, string pod, JsonObject spec)
    {
        foreach (var template in set.Object("spec").Objects("volumeClaimTemplates"))
        {
            var claim = $"{template.Name()}-{pod}";
            if (spec["volumes"] is not JsonArray volumes)
            {
                spec["volumes"] = volumes = [];
            }

            volumes.RemoveAll(volume => volume.Text("name") == template.Name());
            volumes.Add(new JsonObject { ["name"] = template.Name(), ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
            if (cluster.Store.Find(Claims, set.Namespace(), claim) is null)
            {
                Bind(cluster.Writer.Create(Claims, Made(set, template, claim), Facts));
            }
        }
    }

    private static JsonObject Made(JsonObject set, JsonObject template, string name) => new()
    {
        ["kind"] = Claims.Kind,
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = set.Namespace(),
            ["labels"] = set.Object("spec").Object("selector")?["matchLabels"]?.DeepClone(),
        },
        ["spec"] = template["spec"]?.DeepClone(),
    };

    // There is room for every claim here.
    private void Bind(JsonObject claim)
    {
        var bound = claim.Copy();
        bound["status"] = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = claim.Object("spec")?["accessModes"]?.DeepClone(),
            ["capacity"] = claim.Object("spec").Object("resources")?["requests"]?.DeepClone(),
        };
        cluster.Writer.Update(Claims, claim, bound, Facts with { Subresource = "status" });
    }
}
