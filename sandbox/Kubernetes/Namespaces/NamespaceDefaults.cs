using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Namespaces;

/// <summary>What lies in every namespace: the default service account and the API server's certificate authority.</summary>
internal sealed class NamespaceDefaults(ClusterState cluster, string authority)
{
    private const string RootCertificate = "kube-root-ca.crt";
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");
    private static readonly ResourceKind ServiceAccounts = BuiltinKinds.Find("", "serviceaccounts");
    private static readonly ResourceKind ConfigMaps = BuiltinKinds.Find("", "configmaps");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public void Fill(string ns)
    {
        if (cluster.Store.Find(Namespaces, "", ns) is not { } found || found.IsTerminating())
        {
            return;
        }

        if (cluster.Store.Find(ServiceAccounts, ns, "default") is null)
        {
            cluster.Writer.Create(ServiceAccounts, Object("ServiceAccount", ns, "default"), Facts);
        }

        if (cluster.Store.Find(ConfigMaps, ns, RootCertificate) is null)
        {
            var map = Object("ConfigMap", ns, RootCertificate);
            map.SetAnnotation(
                "kubernetes.io/description",
                "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints.");
            map["data"] = new JsonObject { ["ca.crt"] = authority };
            cluster.Writer.Create(ConfigMaps, map, Facts);
        }
    }

    /// <summary>Makes again what somebody has deleted.</summary>
    public void Restore(StoreChange change)
    {
        var isOurs = (change.Kind.GroupResource, change.Object.Name()) is ("serviceaccounts", "default") or ("configmaps", RootCertificate);
        if (isOurs)
        {
            var ns = change.Object.Namespace();
            cluster.Scheduler.After(cluster.Options.ReactionTime, () => Fill(ns));
        }
    }

    private static JsonObject Object(string kind, string ns, string name) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
    };
}
