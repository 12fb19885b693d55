using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.MeshConfig;

/// <summary>Mesh Configuration: what a project's mesh needs on Google's side.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class MeshConfigApi(ApiServices services, TimeProvider time)
{
    /// <summary>How long the server may work on an initialisation: the first of a project can take minutes.</summary>
    public static readonly TimeSpan InitializeTimeout = TimeSpan.FromMinutes(10);

    private readonly Api _api = new(services, "meshconfig", time);

    /// <summary>
    /// Initialises a project. The list of pools replaces the one of before; there is no way to read it and no inverse. The same
    /// list again changes nothing.
    /// </summary>
    /// <param name="project">The project's id.</param>
    /// <param name="pools">The workload identity pools, all of them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is done.</returns>
    public Task InitializeAsync(string project, IReadOnlyList<string> pools, CancellationToken cancellationToken) =>
        _api.CallAsync<Initialized>(
            new ApiCall(HttpMethod.Post, $"v1alpha1/projects/{project}:initialize")
            {
                Body = new { WorkloadIdentityPools = pools },
                ServerTimeout = InitializeTimeout,
            },
            cancellationToken);

    // Nothing is known of the answer, and nothing needed.
    private sealed record Initialized;
}
