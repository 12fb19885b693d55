using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.Compute;

/// <summary>Compute Engine: the firewall rules of networks.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ComputeApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "compute", time);

    /// <summary>Lists a project's firewall rules.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The rules.</returns>
    public async Task<IReadOnlyList<Firewall>> ListFirewallsAsync(string project, CancellationToken cancellationToken)
    {
        var pages = await _api.PagesAsync<FirewallList>(Path(project), page => page.NextPageToken, cancellationToken, ("maxResults", "500"));
        return [.. pages.SelectMany(page => page.Items ?? [])];
    }

    /// <summary>Reads a rule.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="name">The rule's short name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The rule.</returns>
    public Task<Firewall> GetFirewallAsync(string project, string name, CancellationToken cancellationToken) =>
        _api.GetAsync<Firewall>($"{Path(project)}/{name}", cancellationToken);

    /// <summary>Makes a rule. A name that is taken answers <c>ALREADY_EXISTS</c>.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="firewall">The rule.</param>
    /// <param name="requestId">Makes a repetition answer the first operation.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<ComputeOperation> InsertFirewallAsync(
        string project, Firewall firewall, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<ComputeOperation>(
            HttpMethod.Post, Path(project), firewall, cancellationToken, ("requestId", requestId.ToString()));

    /// <summary>Deletes a rule.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="name">The rule's short name.</param>
    /// <param name="requestId">Makes a repetition answer the first operation.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<ComputeOperation> DeleteFirewallAsync(
        string project, string name, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<ComputeOperation>(
            HttpMethod.Delete, $"{Path(project)}/{name}", body: null, cancellationToken, ("requestId", requestId.ToString()));

    /// <summary>Reads an operation.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="operation">The operation's short name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation.</returns>
    public Task<ComputeOperation> GetOperationAsync(string project, string operation, CancellationToken cancellationToken) =>
        _api.GetAsync<ComputeOperation>($"compute/v1/projects/{project}/global/operations/{operation}", cancellationToken);

    /// <summary>Lists a project's global operations that have not ended.</summary>
    /// <param name="project">The network's project.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operations.</returns>
    public async Task<IReadOnlyList<ComputeOperation>> ListRunningOperationsAsync(string project, CancellationToken cancellationToken)
    {
        var pages = await _api.PagesAsync<OperationList>(
            $"compute/v1/projects/{project}/global/operations", page => page.NextPageToken, cancellationToken, ("filter", "status!=DONE"), ("maxResults", "500"));
        return [.. pages.SelectMany(page => page.Items ?? [])];
    }

    private static string Path(string project) => $"compute/v1/projects/{project}/global/firewalls";

    private sealed record FirewallList
    {
        public IReadOnlyList<Firewall>? Items { get; init; }

        public string? NextPageToken { get; init; }
    }

    private sealed record OperationList
    {
        public IReadOnlyList<ComputeOperation>? Items { get; init; }

        public string? NextPageToken { get; init; }
    }
}
