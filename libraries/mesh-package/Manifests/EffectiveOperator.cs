using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>What is left when everything has been laid over the operator: what istioctl renders from.</summary>
public static class EffectiveOperator
{
    /// <summary>Lays everything over the operator.</summary>
    /// <param name="package">The package.</param>
    /// <param name="values">What it is for.</param>
    /// <returns>One IstioOperator, YAML.</returns>
    /// <exception cref="MeshException"><c>OPTION_UNKNOWN</c>, <c>OPTION_UNSUPPORTED</c> or <c>OVERLAY_INVALID</c>.</exception>
    public static string Of(Package package, MeshValues values)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(values);
        var spec = new JsonObject();
        foreach (var (name, over) in SpecsOf(package, values))
        {
            Lay(name, over, spec);
        }

        spec["revision"] = values.Revision;
        return YamlWriting.Write(new JsonObject
        {
            ["apiVersion"] = OperatorFiles.ApiVersion,
            ["kind"] = OperatorFiles.Kind,
            ["spec"] = spec,
        });
    }

    /// <summary>Tells what each layer sets in the operator: certificate authority, options, overlays, in their order.</summary>
    /// <param name="package">The package.</param>
    /// <param name="values">What it is for.</param>
    /// <returns>
    /// Lines with the layer's name and the field: <c>~</c>, <c>+</c> and <c>-</c> as in a difference, <c>=</c> what is so already; none: there are
    /// neither options nor overlays.
    /// </returns>
    /// <exception cref="MeshException"><c>OPTION_UNKNOWN</c>, <c>OPTION_UNSUPPORTED</c> or <c>OVERLAY_INVALID</c>.</exception>
    public static IReadOnlyList<string> Layers(Package package, MeshValues values)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Options.Count + values.Overlays.Count == 0)
        {
            return [];
        }

        var (spec, lines) = (new JsonObject(), new List<string>());
        foreach (var (name, over) in SpecsOf(package, values))
        {
            var before = (JsonObject)spec.DeepClone();
            Lay(name, (JsonObject)over.DeepClone(), spec);
            if (before.Count > 0)
            {
                lines.AddRange(RenderedDifference.OfLayer(name, over, before, spec));
            }
        }

        return lines;
    }

    private static IEnumerable<(string Name, JsonObject Spec)> SpecsOf(Package package, MeshValues values)
    {
        foreach (var (name, content) in OperatorFiles.Of(package, values))
        {
            if (JsonNode.Parse(content)?["spec"] is JsonObject spec)
            {
                yield return (name, spec);
            }
        }
    }

    private static void Lay(string name, JsonObject over, JsonObject spec)
    {
        try
        {
            OperatorMerge.Lay(over, spec);
        }
        catch (FormatException exception)
        {
            throw new MeshException(
                "OVERLAY_INVALID", $"'{name}' can't be laid over the operator: {exception.Message}.", "docs/options.md says which fields are merged, and how.");
        }
    }
}
