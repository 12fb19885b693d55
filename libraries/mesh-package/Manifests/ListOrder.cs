using System.Text.Json.Nodes;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// The order of a merged list, as Kubernetes has it: items that an overlay names in its order, the others in theirs; of two from either the
/// one that stood before the other stays there, and what is new comes first.
/// </summary>
internal static class ListOrder
{
    public static JsonArray Of(IReadOnlyList<JsonNode?> merged, IEnumerable<JsonNode?> named, IEnumerable<JsonNode?> before, Func<JsonNode?, JsonNode?> keyOf)
    {
        var (first, then) = (named.Select(keyOf).ToList(), before.Select(keyOf).ToList());
        var ours = new Queue<JsonNode?>(merged.Where(item => At(first, item) >= 0).OrderBy(item => At(first, item)));
        var others = new Queue<JsonNode?>(merged.Where(item => At(first, item) < 0).OrderBy(item => At(then, item)));
        var ordered = new JsonArray();
        while (ours.Count + others.Count > 0)
        {
            var isOther = ours.Count == 0 || (others.Count > 0 && IsBefore(At(then, others.Peek()), At(then, ours.Peek())));
            ordered.Add((isOther ? others : ours).Dequeue()?.DeepClone());
        }

        return ordered;

        int At(List<JsonNode?> keys, JsonNode? item) => keys.FindIndex(key => JsonNode.DeepEquals(key, keyOf(item)));
    }

    private static bool IsBefore(int other, int own) => other >= 0 && own >= 0 && other < own;
}
