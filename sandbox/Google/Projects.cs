using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The projects of the world, and which APIs are enabled in them.</summary>
internal sealed class Projects(IEnumerable<WorldProject> projects)
{
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["cloudresourcemanager"] = "Cloud Resource Manager API",
        ["container"] = "Kubernetes Engine API",
        ["gkehub"] = "GKE Hub API",
        ["serviceusage"] = "Service Usage API",
        ["mesh"] = "Mesh API",
        ["meshconfig"] = "Mesh Configuration API",
        ["meshca"] = "Mesh CA API",
        ["privateca"] = "Certificate Authority API",
        ["compute"] = "Compute Engine API",
        ["connectgateway"] = "Connect Gateway API",
    };

    private readonly List<ProjectState> _all = [.. projects.Select(project => new ProjectState(project))];

    /// <summary>Finds a project by id or number.</summary>
    public ProjectState? Find(string project) =>
        _all.FirstOrDefault(known => known.Id == project || known.NumberText == project);

    /// <summary>Finds a project in which an API is enabled.</summary>
    /// <exception cref="GoogleFailure">There is none, or it isn't.</exception>
    public ProjectState Using(string project, string api)
    {
        var found = Find(project) ?? throw new GoogleFailure(GoogleErrors.NoPermission());
        return found.Services.Contains(api)
            ? found
            : throw new GoogleFailure(GoogleErrors.ServiceDisabled(api, TitleOf(api), found.Number));
    }

    public static string TitleOf(string api) => Titles.GetValueOrDefault(api, $"{api} API");

    /// <summary>A project.</summary>
    internal sealed class ProjectState(WorldProject project)
    {
        public string Id => project.Id;

        public long Number => project.Number;

        public string NumberText { get; } = project.Number.ToString(CultureInfo.InvariantCulture);

        public string Name => project.Name;

        public HashSet<string> Services { get; } = [.. project.Services];
    }
}
