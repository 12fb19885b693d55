namespace MeshWorkflow.Workflows.Requests;

/// <summary>A GKE cluster of a request.</summary>
/// <param name="Project">The project's id.</param>
/// <param name="Location">Its zone or region.</param>
/// <param name="Name">Its short name.</param>
public sealed record ClusterRef(string Project, string Location, string Name)
{
    /// <summary><c>P/L/C</c>, as people write it.</summary>
    public override string ToString() => $"{Project}/{Location}/{Name}";
}
