using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.ResourceManager;

/// <summary>Cloud Resource Manager.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ResourceManagerApi(ApiServices services, TimeProvider time)
{
    // What one call may ask for.
    private const int MaxPermissions = 100;

    private readonly Api _api = new(services, "cloudresourcemanager", time);

    /// <summary>Reads a project. One that is missing or not visible answers <c>PERMISSION_DENIED</c>.</summary>
    /// <param name="project">Its id or number.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The project.</returns>
    public Task<Project> GetProjectAsync(string project, CancellationToken cancellationToken) =>
        _api.GetAsync<Project>($"v1/projects/{project}", cancellationToken);

    /// <summary>Reads a project's policy, with its conditions.</summary>
    /// <param name="project">The project's id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The policy.</returns>
    public Task<Policy> GetPolicyAsync(string project, CancellationToken cancellationToken) => _api.ReadAsync<Policy>(
        $"v3/projects/{project}:getIamPolicy",
        new { Options = new { RequestedPolicyVersion = Policy.WithConditions } },
        cancellationToken);

    /// <summary>
    /// Writes a project's policy: all of its bindings. Somebody who wrote since it was read answers <c>ABORTED</c>; a member that
    /// isn't there <c>INVALID_ARGUMENT</c>.
    /// </summary>
    /// <param name="project">The project's id.</param>
    /// <param name="policy">The policy, with the etag that was read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The policy as it is now.</returns>
    public Task<Policy> SetPolicyAsync(string project, Policy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (string.IsNullOrEmpty(policy.Etag))
        {
            throw new ArgumentException("A policy without its etag would overwrite what others write.", nameof(policy));
        }

        return _api.SendAsync<Policy>(HttpMethod.Post, $"v3/projects/{project}:setIamPolicy", new { Policy = policy }, cancellationToken);
    }

    /// <summary>Asks which of some permissions the caller has on a project, wherever they come from.</summary>
    /// <param name="project">The project's id.</param>
    /// <param name="permissions">The permissions.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Those that it has.</returns>
    public async Task<IReadOnlySet<string>> TestPermissionsAsync(
        string project, IReadOnlyCollection<string> permissions, CancellationToken cancellationToken)
    {
        var granted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in permissions.Distinct(StringComparer.Ordinal).Chunk(MaxPermissions))
        {
            var answer = await _api.ReadAsync<PermissionList>(
                $"v3/projects/{project}:testIamPermissions", new PermissionList { Permissions = some }, cancellationToken);
            granted.UnionWith(answer.Permissions ?? []);
        }

        return granted;
    }

    private sealed record PermissionList
    {
        public IReadOnlyList<string>? Permissions { get; init; }
    }
}
