namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>The names of the types of the built-in kinds.</summary>
internal static class TypeNames
{
    /// <summary>Such as <c>core.v1.Pod</c>.</summary>
    public static string Of(string group, string version, string kind) => $"{(group.Length == 0 ? "core" : group.Split('.')[0])}.{version}.{kind}";

    /// <summary>Such as <c>io.k8s.api.core.v1.Pod</c>.</summary>
    public static string InOpenApi(string name) => name.Split('.')[0] switch
    {
        "meta" => $"io.k8s.apimachinery.pkg.apis.{name}",
        "apiextensions" => $"io.k8s.apiextensions-apiserver.pkg.apis.{name}",
        "apiregistration" => $"io.k8s.kube-aggregator.pkg.apis.{name}",
        _ => $"io.k8s.api.{name}",
    };
}
