using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Patches by RFC 7396: what is given replaces, null takes away.</summary>
internal static class MergePatch
{
    /// <exception cref="KubeFailure">It is no patch of an object.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
        {
            throw Refusals.BadRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
        }

        var patched = target.Copy();
        Merge(patched, fields);
        return patched;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (field, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(field);
                    break;
                case JsonObject inner:
                    Merge(target.Need(field), inner);
                    break;
                default:
                    target[field] = value.DeepClone();
                    break;
            }
        }
    }
}
