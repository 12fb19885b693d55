using System.Text;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>
/// The kubeconfig of a sandbox: a context for every cluster, with an administrator's certificate. A cluster of GKE is called as gcloud
/// calls it, <c>gke_PROJECT_LOCATION_NAME</c>; one that is somewhere else by its name.
/// </summary>
internal static class Kubeconfigs
{
    private const string User = "kubernetes-admin";

    public static string Of(IEnumerable<(WorldCluster Cluster, Uri Server)> clusters, string authority, (string Certificate, string Key) user)
    {
        var all = clusters.Select(pair => (Name: NameOf(pair.Cluster), pair.Server)).ToList();
        var text = new StringBuilder("apiVersion: v1\nkind: Config\nclusters:\n");
        foreach (var (name, server) in all)
        {
            text.Append($"- name: {name}\n  cluster:\n    server: {server.ToString().TrimEnd('/')}\n    certificate-authority-data: {Base64(authority)}\n");
        }

        text.Append("contexts:\n");
        foreach (var (name, _) in all)
        {
            text.Append($"- name: {name}\n  context: {{ cluster: {name}, user: {User} }}\n");
        }

        text.Append($"current-context: {(all.Count > 0 ? all[0].Name : "\"\"")}\n");
        text.Append($"users:\n- name: {User}\n  user:\n    client-certificate-data: {Base64(user.Certificate)}\n    client-key-data: {Base64(user.Key)}\n");
        return text.ToString();
    }

    public static string NameOf(WorldCluster cluster) =>
        cluster.IsElsewhere ? cluster.Name : $"gke_{cluster.Project}_{cluster.Location}_{cluster.Name}";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
