using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>What an overlay must look like, before anybody has the package at hand: IstioOperators, with fields that there are.</summary>
internal static class OverlayFormat
{
    private const string ApiVersion = "install.istio.io/v1alpha1";
    private const string Kind = "IstioOperator";
    private const string Remedy = $"Give documents of kind {Kind}, {ApiVersion}.";

    private static readonly string[] SpecFields =
    [
        "profile", "hub", "tag", "meshConfig", "components", "values", "unvalidatedValues", "defaultRevision", "compatibilityVersion",
        "revision", "namespace", "installPackagePath", "addonComponents",
    ];

    private static readonly string[] Components = ["base", "pilot", "cni", "ztunnel", "istiodRemote", "ingressGateways", "egressGateways"];

    /// <summary>The mistakes of an overlay, each with its remedy; later ones only where earlier ones let one look.</summary>
    public static IEnumerable<(string Message, string Remedy)> Mistakes(string content)
    {
        IList<YamlDocument> documents = [];
        string? unreadable = null;
        try
        {
            documents = YamlDocuments.Load(content);
        }
        catch (YamlException exception)
        {
            unreadable = $"is no YAML: line {exception.Start.Line}, column {exception.Start.Column}: {exception.InnerException?.Message ?? exception.Message}";
        }

        if (unreadable is not null)
        {
            return [(unreadable, Remedy)];
        }

        return documents.Count == 0
            ? [("is empty", Remedy)]
            : documents.SelectMany((document, index) => OfDocument(document.RootNode, documents.Count > 1 ? $" (document {index + 1})" : ""));
    }

    private static IEnumerable<(string Message, string Remedy)> OfDocument(YamlNode document, string which)
    {
        if (Text(document, "kind") != Kind || Text(document, "apiVersion") != ApiVersion)
        {
            yield return ($"is no {Kind} of {ApiVersion}{which}", Remedy);
            yield break;
        }

        if (Child(document, "spec") is not { } spec || spec is YamlScalarNode { Value: null or "" })
        {
            yield break;
        }

        if (spec is not YamlMappingNode)
        {
            yield return ($"has a spec that is no map{which}", "Write its fields below it.");
            yield break;
        }

        foreach (var field in Keys(spec).Except(SpecFields))
        {
            yield return ($"has spec.{field}, which an {Kind} has not{which}", $"It has: {string.Join(", ", SpecFields)}.");
        }

        foreach (var component in Keys(Child(spec, "components")).Except(Components))
        {
            yield return ($"has spec.components.{component}, which an {Kind} has not{which}", $"It has: {string.Join(", ", Components)}.");
        }

        if (Child(spec, "revision") is not null)
        {
            yield return ($"sets spec.revision{which}", "Say it in the request: spec.mesh.revision (--revision_name).");
        }

        if (Child(spec, "namespace") is not null)
        {
            yield return ($"sets spec.namespace{which}", "Leave it out: the control plane is in istio-system.");
        }
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        (node as YamlMappingNode)?.Children.FirstOrDefault(child => child.Key is YamlScalarNode name && name.Value == key).Value;

    private static string? Text(YamlNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static IEnumerable<string> Keys(YamlNode? node) =>
        (node as YamlMappingNode)?.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "") ?? [];
}
