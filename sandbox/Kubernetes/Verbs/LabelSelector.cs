using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Which labels are wanted.</summary>
internal sealed partial class LabelSelector
{
    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public bool IsEmpty => _requirements.Count == 0;

    /// <summary>Reads a selector of a query: <c>app=a,env in (x,y),!old</c>.</summary>
    /// <exception cref="KubeFailure">It is none.</exception>
    public static LabelSelector Parse(string text)
    {
        var requirements = new List<Requirement>();
        foreach (var part in Separator().Split(text).Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            var match = Shape().Match(part);
            if (!match.Success)
            {
                throw Refusals.BadRequest($"unable to parse requirement: found '{part}', expected: !, identifier, or 'end of string'");
            }

            var values = match.Groups["values"].Success
                ? match.Groups["values"].Value.Split(',').Select(value => value.Trim()).ToArray()
                : [match.Groups["value"].Value];
            CheckForms(match.Groups["key"].Value, values);
            requirements.Add(new Requirement(match.Groups["key"].Value, match.Groups["not"].Length > 0 ? "!" : match.Groups["operator"].Value, values));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads a selector of an object, with <c>matchLabels</c> and <c>matchExpressions</c>. Absent fits nothing, empty all.</summary>
    public static LabelSelector? Of(JsonObject? selector) => selector is null ? null : new LabelSelector(
    [
        .. selector.Entries("matchLabels").Select(pair => new Requirement(pair.Key, "=", [pair.Value])),
        .. selector.Objects("matchExpressions").Select(expression => new Requirement(
            expression.Text("key"),
            expression.Text("operator") switch { "In" => "in", "NotIn" => "notin", "Exists" => "", "Gt" => ">", "Lt" => "<", _ => "!" },
            [.. expression.Texts("values")])),
    ]);

    /// <summary>A selector by a map of labels, as Services have it.</summary>
    public static LabelSelector Of(IReadOnlyDictionary<string, string> labels) =>
        new([.. labels.Select(pair => new Requirement(pair.Key, "=", [pair.Value]))]);

    public bool Fits(IReadOnlyDictionary<string, string> labels) => _requirements.All(requirement => requirement.Fits(labels));

    private static void CheckForms(string key, IReadOnlyList<string> values)
    {
        if (NameFormats.KeyMistakes(key).FirstOrDefault() is { } wrongKey)
        {
            throw Refusals.BadRequest($"unable to parse requirement: invalid label key \"{key}\": {wrongKey}");
        }

        foreach (var value in values)
        {
            if (NameFormats.LabelValueMistake(value) is { } wrong)
            {
                throw Refusals.BadRequest($"unable to parse requirement: invalid label value: \"{value}\": at key: \"{key}\": {wrong}");
            }
        }
    }

    // A comma that isn't in brackets.
    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(?<not>!?)\s*(?<key>[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)\s*((?<operator>==|=|!=|>|<)\s*(?<value>[-A-Za-z0-9_.]*)|(?<operator>in|notin)\s*\((?<values>[^()]*)\))?$")]
    private static partial Regex Shape();

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public bool Fits(IReadOnlyDictionary<string, string> labels)
        {
            var has = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                "" => has,
                "!" => !has,
                "!=" or "notin" => !has || !Values.Contains(value),
                ">" => has && long.TryParse(value, out var left) && long.TryParse(Values[0], out var right) && left > right,
                "<" => has && long.TryParse(value, out var less) && long.TryParse(Values[0], out var more) && less < more,
                _ => has && Values.Contains(value),
            };
        }
    }
}
