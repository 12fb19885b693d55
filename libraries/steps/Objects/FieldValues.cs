using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Between the fields of objects and those of plans.</summary>
internal static class FieldValues
{
    public static Value? Of(JsonNode? node) => node is null ? null : Value.Parser.ParseJson(node.ToJsonString());

    public static JsonNode? ToNode(Value? value) => value is null ? null : JsonNode.Parse(JsonFormatter.Default.Format(value));

    /// <summary>Whose value a field of an object has.</summary>
    public static FieldState StateOf(FieldChange field, JsonObject live)
    {
        var path = FieldPath.Parse(field.Path);
        var found = path.Read(live);
        var state = Undoing.Compare(field, Of(found));
        return state is FieldState.Foreign && field.After is not null && FieldDifferences.AreSame(path, ToNode(field.After), found)
            ? FieldState.After
            : state;
    }

    public static Residue Foreign(Change change, FieldChange field, JsonObject live) =>
        Undoing.Foreign(change.Resource, field, Of(FieldPath.Parse(field.Path).Read(live)));
}
