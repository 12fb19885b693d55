using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Which fields are wanted.</summary>
internal sealed class FieldSelector
{
    // What each kind can be selected by, besides name and namespace.
    private static readonly Dictionary<string, string[]> Selectable = new(StringComparer.Ordinal)
    {
        ["pods"] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
            "status.podIP", "status.nominatedNodeName",
        ],
        ["events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["events.events.k8s.io"] =
        [
            "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion", "regarding.resourceVersion",
            "regarding.fieldPath", "reason", "reportingController", "type",
        ],
        ["namespaces"] = ["status.phase"],
        ["nodes"] = ["spec.unschedulable"],
        ["secrets"] = ["type"],
        ["services"] = ["spec.clusterIP", "spec.type"],
        ["replicasets.apps"] = ["status.replicas"],
        ["replicationcontrollers"] = ["status.replicas"],
        ["jobs.batch"] = ["status.successful"],
    };

    private readonly IReadOnlyList<(string Path, bool IsEqual, string Value)> _terms;

    private FieldSelector(IReadOnlyList<(string Path, bool IsEqual, string Value)> terms) => _terms = terms;

    public bool IsEmpty => _terms.Count == 0;

    /// <exception cref="KubeFailure">It is none, or of a field that can't be selected by.</exception>
    public static FieldSelector Parse(ResourceKind kind, string text)
    {
        var terms = new List<(string, bool, string)>();
        foreach (var term in text.Split(',').Where(term => term.Length > 0))
        {
            var isUnequal = term.Contains("!=", StringComparison.Ordinal);
            var parts = term.Split(isUnequal ? "!=" : term.Contains("==", StringComparison.Ordinal) ? "==" : "=", 2);
            if (parts.Length != 2)
            {
                throw Refusals.BadRequest($"invalid field selector: {term}; can't understand '{term}'");
            }

            var isKnown = parts[0] is "metadata.name" or "metadata.namespace"
                || (Selectable.TryGetValue(kind.GroupResource, out var fields) && fields.Contains(parts[0]));
            terms.Add(isKnown
                ? (kind.Shows is null ? parts[0] : EventViews.CorePath(parts[0]), !isUnequal, parts[1])
                : throw Refusals.BadRequest(
                    kind.IsCustom || Selectable.ContainsKey(kind.GroupResource)
                        ? $"field label not supported: {parts[0]}"
                        : $"\"{parts[0]}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""));
        }

        return new FieldSelector(terms);
    }

    public bool Fits(JsonObject item) => _terms.All(term => (Read(item, term.Path) == term.Value) == term.IsEqual);

    private static string Read(JsonObject item, string path)
    {
        if (path == "source")
        {
            return EventViews.SourceOf(item);
        }

        JsonNode? node = item;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is JsonValue value ? value.ToString() : "";
    }
}
