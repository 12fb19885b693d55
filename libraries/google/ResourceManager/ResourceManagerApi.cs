using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.ResourceManager;

/// <summary>Cloud Resource Manager.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ResourceManagerApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "cloudresourcemanager", time);

    /// <summary>Reads a project. One that is missing or not visible answers <c>PERMISSION_DENIED</c>.</summary>
    /// <param name="project">Its id or number.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The project.</returns>
    public Task<Project> GetProjectAsync(string project, CancellationToken cancellationToken) =>
        _api.GetAsync<Project>($"v1/projects/{project}", cancellationToken);
}
