using System.Text.Json.Nodes;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.NamedFiles;
using MeshWorkflow.YamlText;
using YamlDotNet.Core;

namespace MeshWorkflow.KubernetesApi.Kubeconfigs;

/// <summary>Reads kubeconfigs. A file is read anew each time: whoever renews its credentials needs to tell nobody.</summary>
/// <param name="options">Which may be read.</param>
public sealed class KubeconfigFiles(KubeconfigOptions options)
{
    private const string GooglePlugin = "gke-gcloud-auth-plugin";

    /// <summary>Reads one context of a kubeconfig.</summary>
    /// <param name="path">The whole path of the file.</param>
    /// <param name="context">The context; empty: the file's current one.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The context.</returns>
    /// <exception cref="KubeconfigException">It can't be used: <c>KUBECONFIG_…</c>.</exception>
    public async Task<Kubeconfig> ReadAsync(string path, string context, CancellationToken cancellationToken)
    {
        var file = Allowed(path);
        var text = await TextAsync(file, cancellationToken);
        var read = Parse(text, path);
        var wanted = context.Length > 0 ? context : read.CurrentContext ?? "";
        var found = read.Contexts?.FirstOrDefault(one => one.Name == wanted) ?? throw new KubeconfigException(
            "KUBECONFIG_CONTEXT_UNKNOWN",
            wanted.Length == 0 ? $"{path} has no current context." : $"{path} has no context '{wanted}'.",
            $"It has: {string.Join(", ", read.Contexts?.Select(one => one.Name) ?? [])}.");
        var cluster = read.Clusters?.FirstOrDefault(one => one.Name == found.ContextDetails?.Cluster);
        var user = read.Users?.FirstOrDefault(one => one.Name == found.ContextDetails?.User);
        if (cluster?.ClusterEndpoint?.Server is not { Length: > 0 } server || !Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
        {
            throw Invalid(path, $"the context '{wanted}' names no cluster with an https address");
        }

        var usesGoogle = CheckUser(path, wanted, user?.UserCredentials);
        var extras = ExtrasOf(text, cluster.Name, user?.Name, file);
        CheckNamed(
            file,
            ("clusters[].cluster.certificate-authority", cluster.ClusterEndpoint.CertificateAuthority),
            ("users[].user.client-certificate", user?.UserCredentials?.ClientCertificate),
            ("users[].user.client-key", user?.UserCredentials?.ClientKey),
            ("users[].user.tokenFile", extras.TokenFile));
        if (user is not null && (usesGoogle || extras.TokenFile is not null))
        {
            // The official reader knows no user without credentials; it is told the real ones later.
            user.UserCredentials = new UserCredentials { Token = "later" };
        }

        // Relative names of files in it count from its own folder.
        read.FileName = file.FullName;
        return new Kubeconfig(
            read, new KubeconfigKey(file.FullName, wanted, file.LastWriteTimeUtc, file.Length), found, cluster, extras, usesGoogle);
    }

    private FileInfo Allowed(string path)
    {
        var file = new FileInfo(path);
        if (options.Folder is { Length: > 0 } folder
            && !file.FullName.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new KubeconfigException(
                "KUBECONFIG_NOT_ALLOWED", $"{path} is not in the folder that kubeconfigs of this service lie in.", "Put it there (Kubeconfigs:Folder), and name it so.");
        }

        return file.Exists
            ? file
            : throw new KubeconfigException(
                "KUBECONFIG_MISSING", $"There is no kubeconfig {path} where the services run.", "Name a file on the machine of the services, that they may read.");
    }

    private static async Task<string> TextAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = RegularFile.OpenRead(file.FullName);
            return await BoundedYaml.ReadStreamAsync(content, YamlLimits.Kubeconfig, cancellationToken);
        }
        catch (YamlFormatException exception)
        {
            throw Invalid(file.FullName, exception.Secretive);
        }
        catch (NotRegularFileException exception)
        {
            throw new KubeconfigException("KUBECONFIG_NOT_REGULAR", $"spec.clusters[].kubeconfig: {exception.Message}", NotRegularFileException.Remedy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException(
                "KUBECONFIG_MISSING", $"{file.FullName} can't be read by the services.", "Give their account leave to read it.");
        }
    }

    // The official reader opens them without asking what they are.
    private static void CheckNamed(FileInfo file, params IEnumerable<(string Field, string? Path)> named)
    {
        foreach (var (field, path) in named.Where(one => one.Path is { Length: > 0 }))
        {
            try
            {
                RegularFile.Check(Path.GetFullPath(path ?? "", file.DirectoryName ?? "/"));
            }
            catch (NotRegularFileException exception)
            {
                throw new KubeconfigException("KUBECONFIG_NOT_REGULAR", $"{field} of {file.FullName}: {exception.Message}", NotRegularFileException.Remedy);
            }
        }
    }

    private static K8SConfiguration Parse(string text, string path)
    {
        try
        {
            // The official reader has no limits of its own.
            BoundedYaml.Load(text, YamlLimits.Kubeconfig);
#pragma warning disable RS0030 // It was just found to be within limits.
            return KubernetesYaml.Deserialize<K8SConfiguration>(text) ?? throw Invalid(path, "it is empty");
#pragma warning restore RS0030
        }
        catch (YamlFormatException exception)
        {
            throw Invalid(path, exception.Secretive);
        }
        catch (Exception exception) when (exception is YamlException or KubeConfigException or FormatException or InvalidCastException)
        {
            // Messages of the reader may quote what is in the file.
            throw Invalid(path, "it is no kubeconfig");
        }
    }

    // Whether Google's own credentials are wanted.
    private bool CheckUser(string path, string context, UserCredentials? user)
    {
        if (user?.ExternalExecution is { } plugin)
        {
            var command = plugin.Command ?? "";
            if (Path.GetFileNameWithoutExtension(command) == GooglePlugin)
            {
                return true;
            }

            return options.AllowedPlugins.Contains(command)
                ? false
                : throw new KubeconfigException(
                    "KUBECONFIG_PLUGIN_REFUSED",
                    $"The context '{context}' of {path} would have the program '{command}' run on the services' machine.",
                    "Use a token or a client certificate, or allow that program in the services' settings (Kubeconfigs:AllowedPlugins).");
        }

        if (user?.AuthProvider is { } provider)
        {
            return provider.Name == "gcp"
                ? true
                : throw new KubeconfigException(
                    "KUBECONFIG_PLUGIN_REFUSED",
                    $"The context '{context}' of {path} uses the authentication provider '{provider.Name}', which Kubernetes has given up.",
                    "Use a token or a client certificate.");
        }

        return false;
    }

    private static KubeconfigExtras ExtrasOf(string text, string cluster, string? user, FileInfo file)
    {
        var content = Yaml.Read(text).OfType<JsonObject>().FirstOrDefault() ?? [];
        var proxy = content.Items("clusters").FirstOrDefault(one => one.Text("name") == cluster)?.Text("cluster", "proxy-url");
        if (proxy is not null && !Uri.TryCreate(proxy, UriKind.Absolute, out _))
        {
            throw Invalid(file.FullName, $"the proxy-url of the cluster '{cluster}' is no address");
        }

        var token = content.Items("users").FirstOrDefault(one => one.Text("name") == user)?.Text("user", "tokenFile");
        return new KubeconfigExtras(
            proxy is null ? null : new Uri(proxy), token is null ? null : Path.GetFullPath(token, file.DirectoryName ?? "/"));
    }

    private static KubeconfigException Invalid(string path, string why) =>
        new("KUBECONFIG_INVALID", $"{path} can't be used: {why}.", "Check it with kubectl --kubeconfig.");
}
