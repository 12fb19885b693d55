using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Client;

/// <summary>Reads the texts of the API's answers, which are others': what could steer a terminal is escaped. Line ends stay.</summary>
internal sealed class VisibleConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? VisibleText.Lines(text) : null;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VisibleText.Of(reader.GetString() ?? "");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
