namespace MeshWorkflow.GoogleCloud;

/// <summary>The name of a GKE cluster.</summary>
/// <param name="Project">The project's id.</param>
/// <param name="Location">Its zone or region.</param>
/// <param name="Name">Its short name.</param>
public readonly record struct ClusterName(string Project, string Location, string Name)
{
    /// <summary><c>projects/P/locations/L/clusters/C</c>.</summary>
    public string RelativeName => $"projects/{Project}/locations/{Location}/clusters/{Name}";

    /// <summary>The full resource name, also how fleet memberships link to it.</summary>
    public string ResourceName => $"//container.googleapis.com/{RelativeName}";

    /// <summary>Who issues the tokens of its workloads.</summary>
    public string Issuer => $"https://container.googleapis.com/v1/{RelativeName}";

    /// <summary>The region: a zone without its suffix.</summary>
    public string Region => Location.Split('-') is [var area, var region, _] ? $"{area}-{region}" : Location;

    /// <inheritdoc/>
    public override string ToString() => RelativeName;
}
