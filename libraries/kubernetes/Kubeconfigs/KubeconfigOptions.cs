namespace MeshWorkflow.KubernetesApi.Kubeconfigs;

/// <summary>Which kubeconfigs a service reads, and what they may have run. Section <c>Kubeconfigs</c>.</summary>
public sealed class KubeconfigOptions
{
    /// <summary>The folder that they must lie in. Default: none, and any file that the service may read is read.</summary>
    public string? Folder { get; set; }

    /// <summary>
    /// Credential plugins (<c>users[].user.exec</c>) that may be run, each by its command as the kubeconfig has it. Default: none. A plugin
    /// runs a program on the service's machine, and a kubeconfig says which: allow only what you have installed yourself.
    /// <c>gke-gcloud-auth-plugin</c> is never run and needs no leave: the service's own Google credentials are what it would answer.
    /// </summary>
    public IList<string> AllowedPlugins { get; } = [];
}
