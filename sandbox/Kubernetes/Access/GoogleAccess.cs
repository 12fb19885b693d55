namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Says whether one of Google's principals may do something in a cluster because of its roles in the project.</summary>
/// <param name="principal">The principal, as in a policy: <c>user:ann@example.com</c>.</param>
/// <param name="permission">The permission of GKE, such as <c>container.deployments.create</c>.</param>
internal delegate bool GoogleAccess(string principal, string permission);

/// <summary>The permissions of GKE that stand for Kubernetes' verbs.</summary>
internal static class GkePermissions
{
    // The kinds that have permissions of their own; all others count as third party objects.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["bindings"] = "bindings",
        ["certificatesigningrequests"] = "certificateSigningRequests",
        ["clusterrolebindings"] = "clusterRoleBindings",
        ["clusterroles"] = "clusterRoles",
        ["componentstatuses"] = "componentStatuses",
        ["configmaps"] = "configMaps",
        ["controllerrevisions"] = "controllerRevisions",
        ["cronjobs"] = "cronJobs",
        ["customresourcedefinitions"] = "customResourceDefinitions",
        ["daemonsets"] = "daemonSets",
        ["deployments"] = "deployments",
        ["endpoints"] = "endpoints",
        ["endpointslices"] = "endpointSlices",
        ["events"] = "events",
        ["horizontalpodautoscalers"] = "horizontalPodAutoscalers",
        ["ingresses"] = "ingresses",
        ["jobs"] = "jobs",
        ["leases"] = "leases",
        ["limitranges"] = "limitRanges",
        ["localsubjectaccessreviews"] = "localSubjectAccessReviews",
        ["mutatingwebhookconfigurations"] = "mutatingWebhookConfigurations",
        ["namespaces"] = "namespaces",
        ["networkpolicies"] = "networkPolicies",
        ["nodes"] = "nodes",
        ["persistentvolumeclaims"] = "persistentVolumeClaims",
        ["persistentvolumes"] = "persistentVolumes",
        ["poddisruptionbudgets"] = "podDisruptionBudgets",
        ["pods"] = "pods",
        ["priorityclasses"] = "priorityClasses",
        ["replicasets"] = "replicaSets",
        ["resourcequotas"] = "resourceQuotas",
        ["rolebindings"] = "roleBindings",
        ["roles"] = "roles",
        ["secrets"] = "secrets",
        ["selfsubjectaccessreviews"] = "selfSubjectAccessReviews",
        ["selfsubjectrulesreviews"] = "selfSubjectRulesReviews",
        ["serviceaccounts"] = "serviceAccounts",
        ["services"] = "services",
        ["statefulsets"] = "statefulSets",
        ["storageclasses"] = "storageClasses",
        ["subjectaccessreviews"] = "subjectAccessReviews",
        ["tokenreviews"] = "tokenReviews",
        ["validatingwebhookconfigurations"] = "validatingWebhookConfigurations",
    };

    public static string Of(AccessWish wish)
    {
        if (wish.Path.Length > 0)
        {
            return "container.clusters.get";
        }

        var verb = wish.Verb switch
        {
            "watch" => "list",
            "patch" => "update",
            "deletecollection" => "delete",
            _ => wish.Verb,
        };
        var special = (wish.Resource, wish.Subresource, wish.Verb) switch
        {
            ("pods", "log", _) => "container.pods.getLogs",
            ("pods", "eviction", _) => "container.pods.evict",
            ("pods", "exec", _) => "container.pods.exec",
            ("serviceaccounts", "token", _) => "container.serviceAccounts.createToken",
            (_, _, "bind" or "escalate") when wish.Resource is "roles" or "clusterroles" => $"container.{Names[wish.Resource]}.{wish.Verb}",
            (_, "status", "get") => $"container.{Names.GetValueOrDefault(wish.Resource, "thirdPartyObjects")}.getStatus",
            (_, "status", _) => $"container.{Names.GetValueOrDefault(wish.Resource, "thirdPartyObjects")}.updateStatus",
            _ => "",
        };
        return special.Length > 0 ? special : $"container.{Names.GetValueOrDefault(wish.Resource, "thirdPartyObjects")}.{verb}";
    }
}
