using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>What a server does to objects of a kind as they are written. This one is what most kinds have in common.</summary>
internal class KindRules(ResourceKind kind)
{
    // Kinds without a status whose versions are counted all the same, and those with one whose aren't.
    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "poddisruptionbudgets.policy",
        "customresourcedefinitions.apiextensions.k8s.io", "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io", "validatingadmissionpolicies.admissionregistration.k8s.io",
        "networkpolicies.networking.k8s.io", "ingresses.networking.k8s.io", "jobs.batch", "cronjobs.batch", "ingressclasses.networking.k8s.io",
        "priorityclasses.scheduling.k8s.io", "endpointslices.discovery.k8s.io", "replicationcontrollers",
    };

    private readonly bool _isCounted = kind.IsCustom || Counted.Contains(kind.GroupResource);

    protected ResourceKind Kind { get; } = kind;

    public static KindRules Of(ResourceKind kind, ClusterState cluster) => kind.GroupResource switch
    {
        "namespaces" => new NamespaceRules(kind),
        "pods" => new PodRules(kind),
        "secrets" or "configmaps" => new SecretRules(kind),
        "services" => new ServiceRules(kind, cluster),
        "events" => new EventRules(kind),
        "jobs.batch" => new JobRules(kind),
        "cronjobs.batch" => new CronJobRules(kind),
        "deployments.apps" or "replicasets.apps" or "statefulsets.apps" or "daemonsets.apps" => new WorkloadRules(kind),
        "horizontalpodautoscalers.autoscaling" => new AutoscalerRules(kind),
        "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io" => new WebhookRules(kind),
        "roles.rbac.authorization.k8s.io" or "clusterroles.rbac.authorization.k8s.io" => new RoleRules(kind),
        "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io" => new BindingRules(kind),
        "customresourcedefinitions.apiextensions.k8s.io" => new DefinitionRules(kind),
        _ when kind.IsCustom => new CustomRules(kind),
        _ when BoundedRules.Has(kind) => new BoundedRules(kind),
        _ => new KindRules(kind),
    };

    /// <summary>Fills in what isn't said and depends on something else in the object.</summary>
    public virtual void Complete(JsonObject wanted)
    {
    }

    /// <summary>What is wrong with an object that its type can't tell.</summary>
    /// <param name="wanted">The object, complete.</param>
    /// <param name="current">The object as it is; null: it is about to be created.</param>
    public virtual IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) => [];

    public virtual void PrepareCreate(JsonObject wanted)
    {
        if (Kind.Storage.HasStatus)
        {
            wanted.Remove("status");
        }

        if (_isCounted)
        {
            wanted.Metadata()["generation"] = 1;
        }
    }

    public virtual void PrepareUpdate(JsonObject current, JsonObject wanted, string subresource)
    {
        if (subresource == "status")
        {
            KeepAllButStatus(current, wanted);
            return;
        }

        // Who places a pod on a node notes it in the pod's status too.
        if (Kind.Storage.HasStatus && subresource != "binding")
        {
            Restore(current, wanted, "status");
        }

        if (_isCounted && !HaveSameContent(current, wanted))
        {
            wanted.Metadata()["generation"] = (current.Object("metadata").Number("generation") ?? 0) + 1;
        }
    }

    public virtual void PrepareDelete(JsonObject wanted, DeleteWish wish, DateTimeOffset now)
    {
        Propagate(wanted, wish);
        var metadata = wanted.Metadata();
        if (!wanted.IsTerminating() && wanted.Finalizers().Count > 0)
        {
            metadata["deletionTimestamp"] = ObjectMeta.Time(now);
            metadata["deletionGracePeriodSeconds"] = 0;
        }
    }

    /// <summary>Holds the object until what it owns is dealt with, as asked for.</summary>
    protected static void Propagate(JsonObject wanted, DeleteWish wish)
    {
        var finalizers = wanted.Finalizers().Except([GarbageCollector.Foreground, GarbageCollector.Orphan]).ToList();
        switch (wish.Propagation)
        {
            case "Foreground":
                finalizers.Add(GarbageCollector.Foreground);
                break;
            case "Orphan":
                finalizers.Add(GarbageCollector.Orphan);
                break;
            case "Background":
                break;
            default:
                return;
        }

        wanted.Metadata()["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]);
        ServerFields.Order(wanted);
    }

    protected static void Restore(JsonObject current, JsonObject wanted, string field)
    {
        if (current[field] is { } value)
        {
            wanted[field] = value.DeepClone();
        }
        else
        {
            wanted.Remove(field);
        }
    }

    private static bool HaveSameContent(JsonObject current, JsonObject wanted) => current
        .Concat(wanted).Select(pair => pair.Key).Where(field => field is not ("metadata" or "status" or "apiVersion" or "kind")).Distinct()
        .All(field => JsonNode.DeepEquals(current[field], wanted[field]));

    private static void KeepAllButStatus(JsonObject current, JsonObject wanted)
    {
        var managed = wanted.Metadata()["managedFields"]?.DeepClone();
        foreach (var field in current.Concat(wanted).Select(pair => pair.Key).Where(field => field != "status").Distinct().ToList())
        {
            Restore(current, wanted, field);
        }

        if (managed is not null)
        {
            wanted.Metadata()["managedFields"] = managed;
        }
    }
}
