using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.ServiceUsage;

/// <summary>Service Usage: which APIs a project has enabled.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ServiceUsageApi(ApiServices services, TimeProvider time)
{
    /// <summary>How many APIs one call may enable.</summary>
    public const int MaxEnabled = 20;

    private const int MaxRead = 30;
    private readonly Api _api = new(services, "serviceusage", time);

    /// <summary>Reads which of some APIs are enabled.</summary>
    /// <param name="project">The project.</param>
    /// <param name="names">The APIs, such as <c>mesh.googleapis.com</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Per API its state: <c>ENABLED</c> or <c>DISABLED</c>.</returns>
    public async Task<IReadOnlyDictionary<string, string>> StatesAsync(
        string project, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in names.Distinct(StringComparer.Ordinal).Chunk(MaxRead))
        {
            var query = some.Select(name => ("names", (string?)$"projects/{project}/services/{name}")).ToArray();
            var answer = await _api.GetAsync<ServiceList>($"v1/projects/{project}/services:batchGet", cancellationToken, query);
            foreach (var service in answer.Services ?? [])
            {
                // The name comes back with the project's number, whatever was sent.
                states[service.Name.Split('/')[^1]] = service.State;
            }
        }

        return states;
    }

    /// <summary>Enables APIs, all or none.</summary>
    /// <param name="project">The project.</param>
    /// <param name="names">The APIs; at most <see cref="MaxEnabled"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun, or that had nothing to do.</returns>
    public Task<ServiceUsageOperation> EnableAsync(string project, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count == 1
            ? _api.SendAsync<ServiceUsageOperation>(
                HttpMethod.Post, $"v1/projects/{project}/services/{names[0]}:enable", new { }, cancellationToken)
            : _api.SendAsync<ServiceUsageOperation>(
                HttpMethod.Post, $"v1/projects/{project}/services:batchEnable", new { ServiceIds = names }, cancellationToken);
    }

    /// <summary>
    /// Disables an API, unless another that is enabled needs it (<c>COMMON_SU_SERVICE_HAS_DEPENDENT_SERVICES</c>) or it was used
    /// lately (<c>COMMON_SU_SERVICE_HAS_USAGE</c>).
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="name">The API.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun, or that had nothing to do.</returns>
    public Task<ServiceUsageOperation> DisableAsync(string project, string name, CancellationToken cancellationToken) =>
        _api.SendAsync<ServiceUsageOperation>(
            HttpMethod.Post,
            $"v1/projects/{project}/services/{name}:disable",
            new { DisableDependentServices = false, CheckIfServiceHasUsage = "CHECK" },
            cancellationToken);

    /// <summary>Makes the account that an API works with in a project, or finds it made.</summary>
    /// <param name="project">The project.</param>
    /// <param name="name">The API; it is enabled.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun, or that had nothing to do.</returns>
    public Task<ServiceUsageOperation> GenerateIdentityAsync(string project, string name, CancellationToken cancellationToken) =>
        _api.SendAsync<ServiceUsageOperation>(
            HttpMethod.Post, $"v1beta1/projects/{project}/services/{name}:generateServiceIdentity", body: null, cancellationToken);

    /// <summary>Reads an operation.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation.</returns>
    public Task<ServiceUsageOperation> GetOperationAsync(string operation, CancellationToken cancellationToken) =>
        _api.GetAsync<ServiceUsageOperation>($"v1/{operation}", cancellationToken);

    private sealed record ServiceList
    {
        public IReadOnlyList<ServiceState>? Services { get; init; }
    }

    private sealed record ServiceState
    {
        public string Name { get; init; } = "";

        public string State { get; init; } = "";
    }
}
