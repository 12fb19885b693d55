using System.Text;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Fills secrets that ask for the token of a service account, and deletes them with the account.</summary>
internal sealed class TokenSecretController(ClusterState cluster, string authority) : IController
{
    private const string Type = "kubernetes.io/service-account-token";
    private const string AccountName = "kubernetes.io/service-account.name";
    private static readonly ResourceKind Secrets = BuiltinKinds.Find("", "secrets");
    private static readonly ResourceKind Accounts = BuiltinKinds.Find("", "serviceaccounts");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "secrets" when change.After.Text("type") == Type => [ObjectRef.To(Secrets, change.Object)],
        "serviceaccounts" when change.Before is null || change.After is null => [.. cluster.Store.List(Secrets, change.Object.Namespace())
            .Where(secret => secret.Text("type") == Type && secret.Annotation(AccountName) == change.Object.Name())
            .Select(secret => ObjectRef.To(Secrets, secret))],
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Secrets, target.Namespace, target.Name) is not { } secret || secret.IsTerminating())
        {
            return;
        }

        if (cluster.Store.Find(Accounts, target.Namespace, secret.Annotation(AccountName) ?? "") is not { } account)
        {
            cluster.Writer.Delete(Secrets, secret, new DeleteWish(), Facts);
        }
        else if (secret.Object("data").Text("token").Length == 0)
        {
            var filled = secret.Copy();
            filled.SetAnnotation("kubernetes.io/service-account.uid", account.Uid());
            var data = filled.Need("data");
            data["ca.crt"] = Encode(authority);
            data["namespace"] = Encode(target.Namespace);
            data["token"] = Encode(cluster.Tokens.Issue(account, [], ends: null));
            cluster.Writer.Update(Secrets, secret, filled, Facts);
        }
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
