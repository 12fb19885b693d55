using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads a rollout request, or tells all of its mistakes. Contacts nobody.</summary>
public static class RequestParser
{
    private const string ApiVersion = "meshworkflow.dev/v1";
    private const string FleetInstall = "FleetInstall";

    /// <summary>Reads a request.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="request">The request, when it has no mistake.</param>
    /// <param name="mistakes">All of its mistakes.</param>
    /// <returns>Whether it has none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out FleetInstallRequest? request, out IReadOnlyList<Mistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<Mistake>();
        request = Parse(text, found);
        mistakes = found;
        return request is not null && found.Count == 0;
    }

    private static FleetInstallRequest? Parse(string text, List<Mistake> mistakes)
    {
        var tree = RequestText.Read(text, mistakes);
        if (tree is not JsonObject root)
        {
            if (mistakes.Count == 0)
            {
                mistakes.Add(new Mistake("", "WRONG_TYPE", "The request is no object.", "Begin with 'apiVersion: meshworkflow.dev/v1'."));
            }

            return null;
        }

        return Read(new RequestReader(root, "", mistakes));
    }

    /// <summary>Reads a request, or, with a schema, notes what it would accept.</summary>
    internal static FleetInstallRequest? Read(RequestReader reader)
    {
        Expect(reader, "apiVersion", ApiVersion);
        Expect(reader, "kind", FleetInstall);
        var name = Name(reader.Object("metadata"));
        var spec = reader.Object("spec");
        reader.NothingElse();
        return spec is null ? null : SpecParser.Parse(spec, name ?? "");
    }

    private static void Expect(RequestReader reader, string field, string value)
    {
        var found = reader.Text(field);
        reader.Schema?.Describe(field, one => one["const"] = value);
        if (found is { } text && text != value)
        {
            reader.Wrong(field, "WRONG_VALUE", $"is '{text}'", $"It must be '{value}'.");
        }
    }

    private static string? Name(RequestReader? metadata)
    {
        var name = metadata?.Matching(
            "name", Formats.RolloutName(), "can't name a rollout", "Use 1 to 20 lower-case letters, digits and hyphens, with a letter or digit at both ends; -g1 and its like at the end are what generations are called.");
        metadata?.NothingElse();
        return name;
    }
}
