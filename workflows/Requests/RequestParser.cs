using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads a rollout request, or tells all of its mistakes. Contacts nobody.</summary>
public static partial class RequestParser
{
    private const string ApiVersion = "meshworkflow.dev/v1";
    private const string FleetInstall = "FleetInstall";
    private const int MaxClusters = 1_000;

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

        var reader = new RequestReader(root, "", mistakes);
        Expect(reader, "apiVersion", ApiVersion);
        Expect(reader, "kind", FleetInstall);
        var name = Name(reader.Object("metadata"));
        var (fleet, clusters) = Spec(reader.Object("spec"));
        reader.NothingElse();
        return new FleetInstallRequest(name ?? "", fleet ?? "", clusters);
    }

    private static void Expect(RequestReader reader, string field, string value)
    {
        if (reader.Text(field) is { } text && text != value)
        {
            reader.Wrong(field, "WRONG_VALUE", $"is '{text}'", $"It must be '{value}'.");
        }
    }

    private static string? Name(RequestReader? metadata)
    {
        var name = metadata?.Text("name");
        if (name is not null && !RolloutName().IsMatch(name))
        {
            metadata?.Wrong(
                "name", "WRONG_FORMAT", $"'{name}' can't name a rollout", "Use 1 to 20 lower-case letters, digits and hyphens, with a letter or digit at both ends.");
        }

        metadata?.NothingElse();
        return name;
    }

    private static (string? Fleet, IReadOnlyList<ClusterRef> Clusters) Spec(RequestReader? spec)
    {
        if (spec is null)
        {
            return (null, []);
        }

        var fleet = spec.Object("fleet");
        var project = Project(fleet, "project");
        fleet?.NothingElse();
        var clusters = Clusters(spec);
        spec.NotYet(
            "identity",
            "mesh",
            "certificateAuthority",
            "options",
            "overlays",
            "gateways",
            "injection",
            "endpointDiscovery",
            "rollout",
            "undo",
            "control");
        spec.NothingElse();
        return (project, clusters);
    }

    private static List<ClusterRef> Clusters(RequestReader spec)
    {
        var items = spec.Objects("clusters");
        if (items.Count > MaxClusters)
        {
            spec.Wrong("clusters", "TOO_MANY", $"has {items.Count} clusters", $"A rollout takes {MaxClusters} at most: split it.");
        }
        else if (items.Count == 0 && spec.Has("clusters"))
        {
            spec.Wrong("clusters", "EMPTY", "has no cluster", "Name one at least.");
        }

        var clusters = new List<ClusterRef>();
        var seen = new HashSet<ClusterRef>();
        foreach (var item in items)
        {
            item.NotYet("selector", "kubeconfig", "context", "networkId");
            if (!item.Has("selector") && Cluster(item) is { } cluster)
            {
                if (!seen.Add(cluster))
                {
                    item.Wrong("name", "DUPLICATE", $"{cluster} is in the list twice", "Name each cluster once.");
                }

                clusters.Add(cluster);
            }

            item.NothingElse();
        }

        return clusters;
    }

    private static ClusterRef? Cluster(RequestReader item)
    {
        var project = Project(item, "project");
        var location = Matching(item, "location", Location(), "is no location", "Use a region such as us-central1, or a zone such as us-central1-a.");
        var name = Matching(item, "name", ClusterName(), "can't name a GKE cluster", "Use 1 to 40 lower-case letters, digits and hyphens; begin with a letter.");
        return project is null || location is null || name is null ? null : new ClusterRef(project, location, name);
    }

    private static string? Project(RequestReader? reader, string field) => reader is null
        ? null
        : Matching(reader, field, ProjectId(), "is no project id", "Use the project's id, not its name or number: 6 to 30 lower-case letters, digits and hyphens.");

    private static string? Matching(RequestReader reader, string field, Regex format, string message, string remedy)
    {
        var text = reader.Text(field);
        if (text is not null && !format.IsMatch(text))
        {
            reader.Wrong(field, "WRONG_FORMAT", $"'{text}' {message}", remedy);
        }

        return text;
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?\\z")]
    private static partial Regex RolloutName();

    // Projects of old domains carry the domain in front.
    [GeneratedRegex("^([a-z0-9][-a-z0-9.]{1,60}:)?[a-z][-a-z0-9]{4,28}[a-z0-9]\\z")]
    private static partial Regex ProjectId();

    [GeneratedRegex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?\\z")]
    private static partial Regex Location();

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?\\z")]
    private static partial Regex ClusterName();
}
