using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using k8s;
using k8s.Authentication;
using MeshWorkflow.KubernetesApi.Kubeconfigs;
using MeshWorkflow.NamedFiles;

namespace MeshWorkflow.KubernetesApi;

/// <summary>Connections to clusters, one per address, kept for as long as they are used.</summary>
/// <param name="time">The clock.</param>
public sealed class ClusterConnections(TimeProvider time) : IDisposable
{
    // A fleet is at most a thousand clusters; more addresses than that are old ones.
    private const int Capacity = 2_000;

    private readonly ConcurrentDictionary<object, ClusterConnection> _connections = new();

    /// <summary>Finds or makes a connection. Nothing is sent yet.</summary>
    /// <param name="address">The cluster.</param>
    /// <param name="tokens">The token that every call carries.</param>
    /// <returns>The connection.</returns>
    public ClusterConnection To(ClusterAddress address, ClusterTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(tokens);
        return To(address, () => ConfigurationOf(address, tokens.Get), address.Proxy, tokens);
    }

    /// <summary>Finds or makes a connection by a kubeconfig. Nothing is sent yet.</summary>
    /// <param name="kubeconfig">The kubeconfig.</param>
    /// <param name="proxy">The HTTPS proxy that leads there; absent: the kubeconfig's, or the machine's.</param>
    /// <param name="tokens">Google's token, where the kubeconfig wants that.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="KubeconfigException">It can't be used: <c>KUBECONFIG_INVALID</c>.</exception>
    public ClusterConnection To(Kubeconfig kubeconfig, Uri? proxy, ClusterTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(kubeconfig);
        ArgumentNullException.ThrowIfNull(tokens);
        try
        {
            return To((kubeconfig.Key, proxy), () => ConfigurationOf(kubeconfig, tokens.Get), proxy ?? kubeconfig.Proxy, kubeconfig.UsesGoogleCredentials ? tokens : null);
        }
        catch (Exception exception) when (exception is not KubeconfigException)
        {
            // What the official client says of a file's certificates, keys and plugins may quote them.
            throw new KubeconfigException(
                "KUBECONFIG_INVALID", $"The credentials of the cluster '{kubeconfig.Cluster}' can't be used ({exception.GetType().Name}).", "Check the file with kubectl --kubeconfig.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private ClusterConnection To(object key, Func<KubernetesClientConfiguration> configure, Uri? proxy, ClusterTokens? tokens)
    {
        if (_connections.Count > Capacity)
        {
            Clear();
        }

        return _connections.GetOrAdd(key, _ => new ClusterConnection(Connect(configure(), proxy, tokens)));
    }

    private Kubernetes Connect(KubernetesClientConfiguration configuration, Uri? proxy, ClusterTokens? tokens)
    {
        if (proxy is not null)
        {
            configuration.FirstMessageHandlerSetup = handler =>
            {
                handler.Proxy = new WebProxy(proxy);
                handler.UseProxy = true;
            };
        }

        return tokens is null
            ? new Kubernetes(configuration, new RepeatedReads(time))
            : new Kubernetes(configuration, new RepeatedReads(time), new RenewedTokens(tokens));
    }

    private static KubernetesClientConfiguration ConfigurationOf(Kubeconfig kubeconfig, Func<CancellationToken, Task<string>> token)
    {
        var configuration = kubeconfig.ToConfiguration();
        if (kubeconfig.UsesGoogleCredentials)
        {
            configuration.AccessToken = null;
            configuration.TokenProvider = new Tokens(token);
        }
        else if (kubeconfig.TokenFile is { } file)
        {
            configuration.AccessToken = null;
            configuration.TokenProvider = new Tokens(async stop => (await RegularFile.ReadTextAsync(file, stop)).Trim());
        }

        return configuration;
    }

    private static KubernetesClientConfiguration ConfigurationOf(ClusterAddress address, Func<CancellationToken, Task<string>> token)
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

        return configuration;
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
