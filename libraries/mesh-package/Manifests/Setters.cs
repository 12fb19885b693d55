using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// Sets values in the package's files. Comments in them say which setter, or which pattern of setters, a value comes from; the
/// package's Kptfile has the patterns. A value whose setters have no value of ours stays as it is.
/// </summary>
internal sealed partial class Setters
{
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _lists;
    private readonly JsonObject _definitions;

    /// <summary>Knows the values.</summary>
    /// <param name="kptfile">The package's Kptfile.</param>
    /// <param name="values">Values of setters.</param>
    /// <param name="lists">Values of setters that are lists.</param>
    public Setters(
        string kptfile, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, IReadOnlyList<string>> lists)
    {
        _values = values;
        _lists = lists;
        _definitions = Yaml.Read(kptfile).OfType<JsonObject>().FirstOrDefault()?.Node("openAPI", "definitions") as JsonObject ?? [];
    }

    /// <summary>Sets the values of a text.</summary>
    public string Set(string text)
    {
        var lines = text.Split('\n');
        var set = new List<string>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var match = Reference().Match(lines[i]);
            if (!match.Success)
            {
                set.Add(lines[i]);
                continue;
            }

            var isSetter = match.Groups["kind"].Value == "setters";
            var name = match.Groups["name"].Value;
            if (isSetter && _lists.TryGetValue(name, out var list) && match.Groups["value"].Length == 0)
            {
                set.Add(lines[i]);
                i = SetList(lines, i, list, set);
                continue;
            }

            var value = isSetter ? _values.GetValueOrDefault(name) : Substitute(name);
            set.Add(value is null ? lines[i] : $"{match.Groups["head"].Value}{Quoted(value)}");
        }

        return string.Join('\n', set);
    }

    // Answers the last line of the list that was there.
    private static int SetList(string[] lines, int at, IReadOnlyList<string> list, List<string> set)
    {
        var indent = Indent(lines[at]);
        var item = at + 1 < lines.Length ? Indent(lines[at + 1]) : indent;
        var end = at;
        while (end + 1 < lines.Length && lines[end + 1].AsSpan().TrimStart().StartsWith("- ") && Indent(lines[end + 1]) == item && item >= indent)
        {
            end++;
        }

        var pad = new string(' ', end > at ? item : indent);
        set.AddRange(list.Select(value => $"{pad}- {Quoted(value)}"));
        return end;
    }

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart(' ').Length;

    private static string Quoted(string value) => JsonSerializer.Serialize(value, SettersJson.Default.String);

    private string? Substitute(string name)
    {
        if (Definition($"io.k8s.cli.substitutions.{name}")?["substitution"] is not JsonObject substitution
            || substitution.Text("pattern") is not { } pattern)
        {
            return null;
        }

        var markers = substitution.Items("values")
            .Select(value => (Marker: value.Text("marker") ?? "", Setter: value.Text("ref")?.Split("io.k8s.cli.setters.")[^1] ?? ""))
            .Where(marker => marker.Marker.Length > 0)
            .ToList();
        if (!markers.Exists(marker => _values.ContainsKey(marker.Setter)))
        {
            return null;
        }

        // All at once: what one brings may look like another's marker.
        return Regex.Replace(
            pattern,
            string.Join('|', markers.Select(marker => Regex.Escape(marker.Marker))),
            match => ValueOf(markers.First(marker => marker.Marker == match.Value).Setter));
    }

    private string ValueOf(string setter) => _values.TryGetValue(setter, out var value)
        ? value
        : Definition($"io.k8s.cli.setters.{setter}")?.Text("setter", "value") ?? "";

    private JsonObject? Definition(string name) => (_definitions[name] as JsonObject)?["x-k8s-cli"] as JsonObject;

    [GeneratedRegex("""^(?<head>\s*(?:-\s+)?(?:[^\s#"':]+:)?\s*)(?<value>"[^"]*"|'[^']*'|[^\s#]*)\s*#\s*\{\s*"\$ref"\s*:\s*"#/definitions/io\.k8s\.cli\.(?<kind>setters|substitutions)\.(?<name>[^"]+)"\s*\}\s*$""")]
    private static partial Regex Reference();
}

/// <summary>How values are quoted.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class SettersJson : System.Text.Json.Serialization.JsonSerializerContext;
