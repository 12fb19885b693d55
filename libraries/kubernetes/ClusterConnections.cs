using System.Collections.Concurrent;
using System.Net.Http.Headers;
using k8s;
using k8s.Authentication;

namespace MeshWorkflow.KubernetesApi;

/// <summary>Connections to clusters, one per address, kept for as long as they are used.</summary>
/// <param name="time">The clock.</param>
public sealed class ClusterConnections(TimeProvider time) : IDisposable
{
    // A fleet is at most a thousand clusters; more addresses than that are old ones.
    private const int Capacity = 2_000;

    private readonly ConcurrentDictionary<ClusterAddress, ClusterConnection> _connections = new();

    /// <summary>Finds or makes a connection. Nothing is sent yet.</summary>
    /// <param name="address">The cluster.</param>
    /// <param name="token">Gives the token that every call carries.</param>
    /// <returns>The connection.</returns>
    public ClusterConnection To(ClusterAddress address, Func<CancellationToken, Task<string>> token)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (_connections.Count > Capacity)
        {
            Clear();
        }

        return _connections.GetOrAdd(address, wanted => new ClusterConnection(Connect(wanted, token)));
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private Kubernetes Connect(ClusterAddress address, Func<CancellationToken, Task<string>> token)
    {
        var configuration = new KubernetesClientConfiguration
        {
            Host = address.Server.ToString(),
            TokenProvider = new Tokens(token),
            UserAgent = "meshworkflow",
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
        };
        if (address.CertificateAuthority is { } pem)
        {
            configuration.SslCaCerts = [];
            configuration.SslCaCerts.ImportFromPem(pem);
        }

        return new Kubernetes(configuration, new RepeatedReads(time));
    }

    private void Clear()
    {
        foreach (var address in _connections.Keys)
        {
            if (_connections.TryRemove(address, out var connection))
            {
                connection.Dispose();
            }
        }
    }

    private sealed class Tokens(Func<CancellationToken, Task<string>> token) : ITokenProvider
    {
        public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            new("Bearer", await token(cancellationToken));
    }
}
