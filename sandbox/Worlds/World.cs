namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>What is there when the sandbox starts.</summary>
public sealed record World
{
    /// <summary>The projects.</summary>
    public IReadOnlyList<WorldProject> Projects { get; init; } = [];

    /// <summary>The clusters.</summary>
    public IReadOnlyList<WorldCluster> Clusters { get; init; } = [];

    /// <summary>The service account whose key is in the credentials file.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>A fleet of two clusters in two regions: enough for a first look.</summary>
    public static World Demo { get; } = new()
    {
        Projects =
        [
            new WorldProject("demo-fleet", 210987654321, "Demo fleet"),
            new WorldProject("demo-apps", 123456789012, "Demo applications"),
        ],
        Clusters =
        [
            new WorldCluster("demo-apps", "us-central1", "mesh-a", "vpc-apps") { Labels = new Dictionary<string, string> { ["env"] = "demo" } },
            new WorldCluster("demo-apps", "europe-west1", "mesh-b", "vpc-apps") { Labels = new Dictionary<string, string> { ["env"] = "demo" } },
        ],
        ServiceAccount = "meshworkflow@demo-fleet.iam.gserviceaccount.com",
    };
}

/// <summary>A project.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number.</param>
/// <param name="Name">What people call it.</param>
public sealed record WorldProject(string Id, long Number, string Name)
{
    /// <summary>The APIs that are enabled in it, by short name.</summary>
    public IReadOnlyList<string> Services { get; init; } = ["cloudresourcemanager", "container", "gkehub", "serviceusage"];
}

/// <summary>A GKE cluster.</summary>
/// <param name="Project">Its project's id.</param>
/// <param name="Location">Its zone or region.</param>
/// <param name="Name">Its short name.</param>
/// <param name="Network">Its network's short name.</param>
public sealed record WorldCluster(string Project, string Location, string Name, string Network)
{
    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
