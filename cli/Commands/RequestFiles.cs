using System.Text.Json.Nodes;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Commands;

/// <summary>
/// Puts the content of files that a request names into the request: the API can't read them. Of certificates and keys only the paths
/// are made whole: the certificates service reads them.
/// </summary>
internal static class RequestFiles
{
    private static readonly string[][] Paths =
    [
        ["folder"], ["files", "caCert"], ["files", "caKey"], ["files", "rootCert"], ["files", "certChain"], ["root", "cert"], ["root", "key"],
    ];

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
        if (!MakeWhole(spec["certificateAuthority"] as JsonObject, folder) && lists.Count == 0)
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

    private static bool MakeWhole(JsonObject? authority, string folder)
    {
        var isChanged = false;
        foreach (var path in Paths)
        {
            var place = path.Length == 1 ? authority : authority?[path[0]] as JsonObject;
            if (place?[path[^1]] is JsonValue value && value.TryGetValue<string>(out var name) && name.Length > 0 && !Path.IsPathFullyQualified(name))
            {
                place[path[^1]] = Path.GetFullPath(name, Path.GetFullPath(folder));
                isChanged = true;
            }
        }

        return isChanged;
    }
}
