using MeshWorkflow.YamlText;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>What an overlay must look like, before anybody has the package at hand: IstioOperators, with fields that there are.</summary>
internal static class OverlayFormat
{
    private const string ApiVersion = "install.istio.io/v1alpha1";
    private const string Kind = "IstioOperator";
    private const string Remedy = $"Give documents of kind {Kind}, {ApiVersion}.";

    // istioctl looks at nothing else; metadata and status change nothing, and every IstioOperator that was read from a cluster has them.
    private static readonly string[] Fields = ["apiVersion", "kind", "metadata", "spec", "status"];

    private static readonly string[] SpecFields =
    [
        "profile", "hub", "tag", "meshConfig", "components", "values", "unvalidatedValues", "defaultRevision", "compatibilityVersion",
        "revision", "namespace", "installPackagePath", "addonComponents",
    ];

    private static readonly string[] ProviderPath = ["spec", "meshConfig", "defaultConfig", "proxyMetadata", "CA_PROVIDER"];

    private static readonly string[] Components = ["base", "pilot", "cni", "ztunnel", "istiodRemote", "ingressGateways", "egressGateways"];

    /// <summary>The most that all overlays of a request may have together, in bytes; one of them: <see cref="YamlLimits.Overlay"/>.</summary>
    public const int MaxTogether = 512 * 1024;

    /// <summary>The mistakes of an overlay, each with its remedy; later ones only where earlier ones let one look.</summary>
    public static IEnumerable<(string Message, string Remedy)> Mistakes(string content)
    {
        IReadOnlyList<YamlNode> documents = [];
        string? unreadable = null;
        try
        {
            documents = BoundedYaml.Load(content, YamlLimits.Overlay);
        }
        catch (YamlFormatException exception)
        {
            unreadable = $"can't be read: {exception.Message}";
        }

        if (unreadable is not null)
        {
            return [(unreadable, Remedy)];
        }

        return documents.Count == 0
            ? [("is empty", Remedy)]
            : documents.SelectMany((document, index) => OfDocument(document, documents.Count > 1 ? $" (document {index + 1})" : ""));
    }

    /// <summary>Who is to sign, as far as an overlay says so.</summary>
    public static IEnumerable<string> Authorities(string content)
    {
        try
        {
            return
            [
                .. BoundedYaml.Load(content, YamlLimits.Overlay)
                    .Select(document => ProviderPath.Aggregate((YamlNode?)document, Child))
                    .OfType<YamlScalarNode>()
                    .Select(provider => provider.Value ?? ""),
            ];
        }
        catch (YamlFormatException)
        {
            // A mistake of its own.
            return [];
        }
    }

    private static IEnumerable<(string Message, string Remedy)> OfDocument(YamlNode document, string which)
    {
        if (Text(document, "kind") != Kind || Text(document, "apiVersion") != ApiVersion)
        {
            yield return ($"is no {Kind} of {ApiVersion}{which}", Remedy);
            yield break;
        }

        foreach (var field in Keys(document).Except(Fields))
        {
            yield return (
                $"has {field} beside spec, which would change nothing{which}",
                SpecFields.Contains(field) ? $"Write it below spec: spec.{field}." : "Leave it out, or write it below spec, where it belongs.");
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
