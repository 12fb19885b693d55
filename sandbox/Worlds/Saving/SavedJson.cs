using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Saving;

/// <summary>How saved state is written: what is missing or null where it must not be is a mistake, not a default.</summary>
internal static class SavedJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,

        // Schemas in CustomResourceDefinitions are deeper than what a reader allows by default.
        MaxDepth = 256,
    };

    public static JsonNode Write<T>(T state)
        where T : notnull => JsonSerializer.SerializeToNode(state, Options) ?? throw new InvalidOperationException("There is nothing to save.");

    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(JsonNode saved)
        where T : notnull => saved.Deserialize<T>(Options) ?? throw new JsonException("There is nothing where a state should be.");
}
