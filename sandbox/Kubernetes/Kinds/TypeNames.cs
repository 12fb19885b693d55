namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>What OpenAPI calls the types of the built-in groups.</summary>
internal static class TypeNames
{
    public static string Of(string group, string version, string kind) => $"{Package(group)}.{version}.{kind}";

    private static string Package(string group) => group switch
    {
        "" => "io.k8s.api.core",
        "apiextensions.k8s.io" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
        "apiregistration.k8s.io" => "io.k8s.kube-aggregator.pkg.apis.apiregistration",
        _ => $"io.k8s.api.{group.Split('.')[0]}",
    };
}
