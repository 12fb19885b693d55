using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Workflows.Requests;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace MeshWorkflow.Workflows.Api;

/// <summary>The schema of rollout requests, as a text and within the OpenAPI document.</summary>
internal static class RequestSchemas
{
    private const string Name = "FleetInstall";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON Schema.</summary>
    public static string Text { get; } = RequestSchema.Make().ToJsonString(Readable) + "\n";

    /// <summary>Puts the schema among a document's components.</summary>
    /// <returns>What refers to it there.</returns>
    public static IOpenApiSchema Of(OpenApiDocument? document)
    {
        if (document is null)
        {
            return Read(new OpenApiDocument());
        }

        document.AddComponent(Name, Read(document));
        return new OpenApiSchemaReference(Name, document);
    }

    private static IOpenApiSchema Read(OpenApiDocument document)
    {
        JsonObject schema = RequestSchema.Make();
        schema.Remove("$schema");
        schema.Remove("$id");
        return OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var found, "json")
            ?? throw new InvalidOperationException($"The request's schema can't be read: {string.Join(", ", found.Errors)}");
    }
}
