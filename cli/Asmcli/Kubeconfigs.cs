using MeshWorkflow.Cli.Commands;
using MeshWorkflow.NamedFiles;
using MeshWorkflow.YamlText;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>Looks into a kubeconfig for its contexts; at nothing else.</summary>
/// <param name="Current">The current context; null: it has none.</param>
/// <param name="Clusters">The cluster of each context.</param>
internal sealed record Kubeconfigs(string? Current, IReadOnlyDictionary<string, string> Clusters)
{
    /// <returns>The contexts; null: the file is no kubeconfig, and why.</returns>
    public static Kubeconfigs? Read(string file, out string why)
    {
        why = "it is not one map";
        try
        {
            using var content = CommandFile.OpenRead(file);
            return BoundedYaml.Load(BoundedYaml.ReadStream(content, YamlLimits.Kubeconfig), YamlLimits.Kubeconfig) is [YamlMappingNode root] ? Read(root) : null;
        }
        catch (NotRegularFileException exception)
        {
            why = $"it is {exception.Kind}";
            return null;
        }
        catch (YamlFormatException exception)
        {
            why = exception.Secretive;
            return null;
        }
    }

    private static Kubeconfigs Read(YamlMappingNode root)
    {
        var contexts = root.Children.TryGetValue("contexts", out var list) && list is YamlSequenceNode items ? items.OfType<YamlMappingNode>() : [];
        var clusters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in contexts)
        {
            if (Text(item, "name") is { } name && item.Children.TryGetValue("context", out var context) && context is YamlMappingNode fields)
            {
                clusters[name] = Text(fields, "cluster") ?? "";
            }
        }

        return new Kubeconfigs(Text(root, "current-context") is { Length: > 0 } current ? current : null, clusters);
    }

    private static string? Text(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out var value) ? (value as YamlScalarNode)?.Value : null;
}
