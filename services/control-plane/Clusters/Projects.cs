using MeshWorkflow.GoogleCloud.ResourceManager;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>What projects are called and what their numbers are: the same for all of a project's clusters, and for good.</summary>
internal sealed class Projects(ResourceManagerApi projects, ScopeReads reads)
{
    public Task<Project> GetAsync(string project, CancellationToken cancellationToken) =>
        reads.GetAsync($"project/{project}", token => projects.GetProjectAsync(project, token), cancellationToken);

    public async Task<string> NumberAsync(string project, CancellationToken cancellationToken) =>
        (await GetAsync(project, cancellationToken)).ProjectNumber;
}
