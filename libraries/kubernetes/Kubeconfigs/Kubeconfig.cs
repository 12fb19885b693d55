using k8s;
using k8s.KubeConfigModels;

namespace MeshWorkflow.KubernetesApi.Kubeconfigs;

/// <summary>One context of a kubeconfig: a cluster and the credentials for it. What is secret in it stays in here.</summary>
public sealed class Kubeconfig
{
    private readonly K8SConfiguration _file;

    internal Kubeconfig(K8SConfiguration file, KubeconfigKey key, Context context, Cluster cluster, KubeconfigExtras extras, bool usesGoogle)
    {
        _file = file;
        Key = key;
        Cluster = context.ContextDetails.Cluster;
        Server = cluster.ClusterEndpoint.Server;
        IsInsecure = cluster.ClusterEndpoint.SkipTlsVerify;
        Proxy = extras.Proxy;
        TokenFile = extras.TokenFile;
        UsesGoogleCredentials = usesGoogle;
    }

    /// <summary>The name of the cluster in the kubeconfig.</summary>
    public string Cluster { get; }

    /// <summary>The address of its API server.</summary>
    public string Server { get; }

    /// <summary>The proxy that the kubeconfig names.</summary>
    public Uri? Proxy { get; }

    /// <summary>Whether the API server's certificate is not to be checked.</summary>
    public bool IsInsecure { get; }

    /// <summary>Whether Google's plugin would give the credentials: then it is Google's token that is wanted.</summary>
    public bool UsesGoogleCredentials { get; }

    internal KubeconfigKey Key { get; }

    // Its content is read for every call: who renews it needs to tell nobody.
    internal string? TokenFile { get; }

    internal KubernetesClientConfiguration ToConfiguration()
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(_file, Key.Context);
        configuration.UserAgent = "meshworkflow";
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        return configuration;
    }
}

/// <summary>What the official reader leaves out.</summary>
internal sealed record KubeconfigExtras(Uri? Proxy, string? TokenFile);

/// <summary>Which context of which state of which file.</summary>
internal sealed record KubeconfigKey(string Path, string Context, DateTime Written, long Length);
