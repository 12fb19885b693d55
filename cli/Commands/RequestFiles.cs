using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.NamedFiles;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.YamlText;

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
    /// <param name="mistakes">Files that are no text, or too large.</param>
    public static string Inline(string text, string folder, ICollection<Mistake> mistakes)
    {
        if (RequestText.Read(text, []) is not JsonObject { } request || request["spec"] is not JsonObject spec)
        {
            return text;
        }

        var lists = new[] { (Path: "spec.overlays", List: spec["overlays"] as JsonArray) }
            .Concat((spec["gateways"] as JsonArray ?? []).Select((gateway, i) =>
                (string.Create(CultureInfo.InvariantCulture, $"spec.gateways[{i}].manifests"), List: (gateway as JsonObject)?["manifests"] as JsonArray)))
            .Where(one => one.List?.Any(item => item is JsonValue) ?? false)
            .ToList();
        if (!MakeWhole(spec["certificateAuthority"] as JsonObject, folder) && lists.Count == 0)
        {
            return text;
        }

        foreach (var (place, list) in lists)
        {
            for (var i = 0; i < list!.Count; i++)
            {
                if (list[i] is JsonValue value && value.TryGetValue<string>(out var path))
                {
                    var content = Content(string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), Path.Combine(folder, path), mistakes);
                    list[i] = new JsonObject { ["name"] = Path.GetFileName(path), ["content"] = content };
                }
            }
        }

        return request.ToJsonString();
    }

    private static string Content(string place, string file, ICollection<Mistake> mistakes)
    {
        try
        {
            using var content = CommandFile.OpenRead(file);
            return BoundedYaml.ReadStream(content, YamlLimits.Overlay);
        }
        catch (NotRegularFileException exception)
        {
            mistakes.Add(new Mistake(place, "FILE_NOT_REGULAR", $"'{file}' is {exception.Kind}, and no regular file", "Name a regular file, or give the command what a pipe brings as <(…)."));
            return "";
        }
        catch (YamlFormatException exception)
        {
            mistakes.Add(new Mistake(place, "FILE_UNREADABLE", $"'{file}' can't be read: {exception.Message}", "Give a YAML file, UTF-8."));
            return "";
        }
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
