using System.Text.Json.Nodes;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Puts the content of files that a request names into the request: the API can't read them.</summary>
internal static class RequestFiles
{
    /// <summary>Reads the files.</summary>
    /// <param name="text">The request.</param>
    /// <param name="folder">What their paths are relative to.</param>
    public static string Inline(string text, string folder)
    {
        if (RequestText.Read(text, []) is not JsonObject { } request || request["spec"] is not JsonObject spec)
        {
            return text;
        }

        var lists = new[] { spec["overlays"] as JsonArray }
            .Concat((spec["gateways"] as JsonArray ?? []).Select(gateway => (gateway as JsonObject)?["manifests"] as JsonArray))
            .OfType<JsonArray>()
            .Where(list => list.Any(item => item is JsonValue))
            .ToList();
        if (lists.Count == 0)
        {
            return text;
        }

        foreach (var list in lists)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is JsonValue value && value.TryGetValue<string>(out var path))
                {
                    list[i] = new JsonObject { ["name"] = Path.GetFileName(path), ["content"] = File.ReadAllText(Path.Combine(folder, path)) };
                }
            }
        }

        return request.ToJsonString();
    }
}
