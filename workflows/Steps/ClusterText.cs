using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>How histories hold a cluster: as one text, <c>P/L/C</c>.</summary>
internal sealed class ClusterText : JsonConverter<ClusterRef>
{
    /// <exception cref="FormatException">The text names no cluster.</exception>
    public static ClusterRef Parse(string text) => text.Split('/') is [var project, var location, var name]
        ? new ClusterRef(project, location, name)
        : throw new FormatException($"'{text}' names no cluster.");

    public override ClusterRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ClusterRef value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
