using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>How the objects of a revision are called, and what all of them carry.</summary>
internal sealed class Names(string revision, string inNamespace)
{
    public string Revision { get; } = revision.Length == 0 ? "default" : revision;

    public string Namespace { get; } = inNamespace;

    private string Suffix => Revision == "default" ? "" : $"-{Revision}";

    public string Istiod => $"istiod{Suffix}";

    public string Mesh => $"istio{Suffix}";

    public string Injector => $"istio-sidecar-injector{Suffix}";

    public string Validator => $"istio-validator{Suffix}-{Namespace}";

    public string OfCluster(string name) => $"{name}{Suffix}-{Namespace}";

    public JsonObject Object(string apiVersion, string kind, string name, bool isOfCluster, params (string Key, JsonNode? Value)[] fields)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (!isOfCluster)
        {
            metadata["namespace"] = Namespace;
        }

        metadata["labels"] = new JsonObject
        {
            ["app"] = "istiod",
            ["install.operator.istio.io/owning-resource"] = "unknown",
            ["istio.io/rev"] = Revision,
            ["operator.istio.io/component"] = "Pilot",
            ["release"] = "istio",
        };
        var made = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
        foreach (var (key, value) in fields)
        {
            made[key] = value;
        }

        return made;
    }
}
