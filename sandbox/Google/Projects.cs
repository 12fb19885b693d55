using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The projects of the world, and which APIs are enabled in them.</summary>
/// <param name="projects">The projects at the start.</param>
/// <param name="time">The clock.</param>
/// <param name="delay">From the end of enabling an API in a project until its calls are served.</param>
internal sealed class Projects(IEnumerable<WorldProject> projects, TimeProvider time, Func<string, TimeSpan> delay) : ISavedPart
{
    private readonly List<ProjectState> _all = [.. projects.Select(project => new ProjectState(project))];

    public IReadOnlyList<ProjectState> All => _all;

    public string SavedAs => "projects";

    /// <summary>Finds a project by id or number.</summary>
    public ProjectState? Find(string project) =>
        _all.FirstOrDefault(known => known.Id == project || known.NumberText == project);

    public JsonNode Save() => SavedJson.Write(_all.ToDictionary(project => project.Id, project => new SavedProject(project.Services, project.UsedServices)));

    public Action Read(JsonNode saved)
    {
        var states = SavedJson.Read<Dictionary<string, SavedProject>>(saved);
        var all = _all.Select(project => (project, states.GetValueOrDefault(project.Id) ?? throw new JsonException($"Project {project.Id} is missing."))).ToList();
        return () => all.ForEach(pair => pair.Item1.Replace(pair.Item2.Services, pair.Item2.UsedServices));
    }

    /// <summary>Whether calls of an API are served in a project: it is enabled, and for long enough.</summary>
    public bool IsServing(ProjectState project, string api) =>
        project.Services.TryGetValue(api, out var since) && (since == DateTimeOffset.MinValue || since + delay(project.Id) <= time.GetUtcNow());

    private sealed record SavedProject(IReadOnlyDictionary<string, DateTimeOffset> Services, IReadOnlyCollection<string> UsedServices);
}

/// <summary>A project.</summary>
internal sealed class ProjectState(WorldProject project)
{
    public string Id => project.Id;

    public long Number => project.Number;

    public string NumberText { get; } = project.Number.ToString(CultureInfo.InvariantCulture);

    public string Name => project.Name;

    public IReadOnlyDictionary<string, string> Labels => project.Labels;

    public string RelativeName { get; } = $"projects/{project.Id}";

    /// <summary>The enabled APIs, and since when.</summary>
    public SortedDictionary<string, DateTimeOffset> Services { get; } =
        new(project.Services.ToDictionary(api => api, _ => DateTimeOffset.MinValue), StringComparer.Ordinal);

    /// <summary>Whether somebody pays for it.</summary>
    public bool Billing => project.Billing;

    /// <summary>The APIs that were called in it.</summary>
    public HashSet<string> UsedServices { get; } = new(StringComparer.Ordinal);

    public void Replace(IEnumerable<KeyValuePair<string, DateTimeOffset>> services, IEnumerable<string> used)
    {
        Services.Clear();
        foreach (var (api, since) in services)
        {
            Services.Add(api, since);
        }

        UsedServices.Clear();
        UsedServices.UnionWith(used);
    }
}
