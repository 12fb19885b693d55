using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>A role and who has it, perhaps under a condition.</summary>
/// <param name="Role">The role.</param>
/// <param name="Members">Who has it.</param>
/// <param name="Condition">When; null: always.</param>
internal sealed partial record PolicyBinding(string Role, IReadOnlyList<string> Members, JsonObject? Condition)
{
    /// <summary>What tells bindings apart: the same role may stand there once per condition.</summary>
    public string Key { get; } = $"{Role}\n{Condition?.ToJsonString()}";

    public JsonObject Show()
    {
        var shown = new JsonObject { ["role"] = Role, ["members"] = new JsonArray([.. Members.Select(member => JsonValue.Create(member))]) };
        if (Condition is not null)
        {
            shown["condition"] = Condition.DeepClone();
        }

        return shown;
    }

    /// <summary>
    /// Whether its condition holds. Of the expression language only comparisons of the time of the request with a moment are understood;
    /// what isn't understood grants nothing.
    /// </summary>
    public bool Holds(DateTimeOffset now)
    {
        if (Condition is null)
        {
            return true;
        }

        var match = TimeLimit().Match(Condition["expression"]?.GetValue<string>() ?? "");
        if (!match.Success || !DateTimeOffset.TryParse(match.Groups["moment"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return false;
        }

        return match.Groups["than"].Value[0] == '<' ? now < moment : now > moment;
    }

    [GeneratedRegex("^\\s*request\\.time\\s*(?<than><=?|>=?)\\s*timestamp\\(\\s*[\"'](?<moment>[^\"']+)[\"']\\s*\\)\\s*\\z")]
    private static partial Regex TimeLimit();
}
