using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Renders a control plane from an operator.</summary>
internal static class ControlPlane
{
    public static string Render(JsonObject spec)
    {
        var names = new Names(spec["revision"]?.ToString() ?? "", spec["namespace"]?.ToString() ?? "istio-system");
        var objects = new List<JsonObject>();
        if (IsOn(spec, "base"))
        {
            objects.AddRange(Definitions.All());
            objects.Add(Reader(names));
        }

        if (IsOn(spec, "pilot"))
        {
            objects.AddRange(Access.Of(names));
            objects.AddRange(Configuration.Of(names, spec));
            objects.AddRange(Istiod.Of(names, spec));
            objects.AddRange(Webhooks.Of(names));
        }

        objects.AddRange(Cni.Of(names, spec));
        objects.AddRange(Gateways.Of(names, spec));
        Patches.Apply(spec, objects);
        var text = new StringBuilder();
        foreach (var made in objects)
        {
            text.Append(YamlText.Write(made)).Append("---\n");
        }

        return text.ToString();
    }

    private static bool IsOn(JsonObject spec, string component) => spec["components"]?[component]?["enabled"]?.ToString() == "true";

    private static JsonObject Reader(Names names)
    {
        var account = names.Object("v1", "ServiceAccount", "istio-reader-service-account", isOfCluster: false);
        account["metadata"]!["labels"]!["app"] = "istio-reader";
        account["metadata"]!["labels"]!["operator.istio.io/component"] = "Base";

        // All revisions share it.
        (account["metadata"]!["labels"] as JsonObject)!.Remove("istio.io/rev");
        return account;
    }
}
