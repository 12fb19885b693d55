using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Gives load balancers an address after a while, and takes it when they are none any more.</summary>
internal sealed class LoadBalancerController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Services = BuiltinKinds.Find("", "services");
    private static readonly WriteFacts Facts = new("cloud-controller-manager") { Subresource = "status" };

    public IEnumerable<ObjectRef> Affected(StoreChange change) =>
        change.Kind.GroupResource == Services.GroupResource && change.After is not null ? [ObjectRef.To(Services, change.After)] : [];

    public void Reconcile(ObjectRef target)
    {
        if (Find(target) is not { } service || IsBalanced(service) == HasAddress(service))
        {
            return;
        }

        if (IsBalanced(service))
        {
            cluster.Events.Tell(EventReporter.Services, Services, service, new Happening("EnsuringLoadBalancer", "Ensuring load balancer"));
            cluster.Scheduler.After(cluster.Options.LoadBalancerTime, () => Give(target));
        }
        else
        {
            Write(service, []);
        }
    }

    private JsonObject? Find(ObjectRef target) => cluster.Store.Find(Services, target.Namespace, target.Name);

    private static bool IsBalanced(JsonObject service) => service.Object("spec").Text("type") == "LoadBalancer" && !service.IsTerminating();

    private static bool HasAddress(JsonObject service) => service.Object("status").Object("loadBalancer").Objects("ingress").Any();

    private void Give(ObjectRef target)
    {
        if (Find(target) is { } service && IsBalanced(service) && !HasAddress(service))
        {
            var internalOnly = service.Annotation("networking.gke.io/load-balancer-type") == "Internal";
            var number = cluster.NextServiceAddress();
            var address = string.Create(CultureInfo.InvariantCulture, $"{(internalOnly ? "10.128.15" : "203.0.113")}.{number % 250 + 1}");
            Write(service, new JsonObject
            {
                ["ingress"] = new JsonArray(new JsonObject { ["ip"] = address, ["ipMode"] = "VIP" }),
            });
            cluster.Events.Tell(EventReporter.Services, Services, service, new Happening("EnsuredLoadBalancer", "Ensured load balancer"));
        }
    }

    private void Write(JsonObject service, JsonObject balancer)
    {
        var wanted = service.Copy();
        wanted.Need("status")["loadBalancer"] = balancer;
        cluster.Writer.Update(Services, service, wanted, Facts);
    }
}
