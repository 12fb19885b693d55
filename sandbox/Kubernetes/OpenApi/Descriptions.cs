namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>What the types are, in few words, for those who ask.</summary>
internal static class Descriptions
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["core.v1.Pod"] = "Containers that run together on one node.",
        ["core.v1.PodSpec"] = "What a pod runs, and how.",
        ["core.v1.PodStatus"] = "How a pod is doing.",
        ["core.v1.Container"] = "A program that a pod runs, from an image.",
        ["core.v1.Service"] = "One stable address for a changing set of pods.",
        ["core.v1.ServiceSpec"] = "Which pods a service stands for, and on which ports.",
        ["core.v1.Namespace"] = "A room for names: objects of different namespaces may have the same name.",
        ["core.v1.Node"] = "A machine that runs pods.",
        ["core.v1.ConfigMap"] = "Configuration for pods, as keys and values.",
        ["core.v1.Secret"] = "What only some may see, as keys and values.",
        ["core.v1.ServiceAccount"] = "Who a pod is to the API server.",
        ["core.v1.Event"] = "Something that happened to an object.",
        ["apps.v1.Deployment"] = "Keeps pods after a template running and rolls changes of the template out.",
        ["apps.v1.DeploymentSpec"] = "The wanted pods of a deployment, and how it may change them.",
        ["apps.v1.ReplicaSet"] = "Keeps a number of equal pods running.",
        ["apps.v1.StatefulSet"] = "Keeps pods running that each have a name of their own.",
        ["apps.v1.DaemonSet"] = "Keeps one pod running on every node.",
        ["autoscaling.v2.HorizontalPodAutoscaler"] = "Changes the number of pods of something as its load changes.",
        ["policy.v1.PodDisruptionBudget"] = "How many of some pods may be missing at once because somebody wants it so.",
        ["rbac.v1.Role"] = "A set of permissions in a namespace.",
        ["rbac.v1.ClusterRole"] = "A set of permissions for all namespaces and for what lies in none.",
        ["rbac.v1.RoleBinding"] = "Gives a role to somebody in a namespace.",
        ["rbac.v1.ClusterRoleBinding"] = "Gives a cluster role to somebody everywhere.",
        ["apiextensions.v1.CustomResourceDefinition"] = "Brings a new kind of resource to the API.",
        ["admissionregistration.v1.MutatingWebhookConfiguration"] = "Has objects changed by somebody before they are stored.",
        ["admissionregistration.v1.ValidatingWebhookConfiguration"] = "Has objects checked by somebody before they are stored.",
        ["coordination.v1.Lease"] = "Says who holds something, and until when.",
        ["networking.v1.NetworkPolicy"] = "Which traffic some pods may have.",
        ["meta.v1.ObjectMeta"] = "What all objects have: names, labels, owners.",
    };

    public static string Of(string type) => Texts.GetValueOrDefault(type, $"{type[(type.LastIndexOf('.') + 1)..]} of {type[..type.LastIndexOf('.')]}.");
}
