using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>
/// The JSON Schema of rollout requests. It is noted by the same code that reads requests, so that both can't differ; what a schema can't
/// say (that names are unique, that stages take every cluster), only reading finds.
/// </summary>
public static class RequestSchema
{
    /// <summary>Its name.</summary>
    public const string Id = "https://meshworkflow.dev/v1/fleet-install.schema.json";

    /// <summary>Makes the schema.</summary>
    /// <returns>The schema, of JSON Schema 2020-12.</returns>
    public static JsonObject Make()
    {
        var root = new ObjectSchema();
        RequestParser.Read(new RequestReader([], "", new List<Mistake>(), root));
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = Id,
            ["title"] = "FleetInstall",
            ["description"] = "A rollout request of MeshWorkflow: what is to be installed where, see docs/rollouts.md.",
        };
        foreach (var (name, value) in root.Node)
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }
}
