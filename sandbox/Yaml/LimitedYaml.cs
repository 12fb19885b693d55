using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Sandbox.Yaml;

/// <summary>Reads YAML that is neither nested without end nor grows without end by its aliases: either would end the process.</summary>
internal static class LimitedYaml
{
    private const int MaxDepth = 64;

    // Aliases taken apart.
    private const int MaxNodes = 1_000_000;

#pragma warning disable RS0030 // Here are the limits.
    /// <exception cref="YamlException">It is no YAML, or too much.</exception>
    public static IReadOnlyList<YamlNode> Load(TextReader text)
    {
        var stream = new YamlStream();
        stream.Load(new DepthLimit(new Parser(text)));
        var nodes = 0;
        foreach (var document in stream.Documents)
        {
            Walk(document.RootNode, 0, ref nodes);
        }

        return [.. stream.Documents.Select(document => document.RootNode)];
    }
#pragma warning restore RS0030

    // An alias stands for what it names: it is walked through as often as it is there.
    private static void Walk(YamlNode node, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new YamlException(node.Start, node.End, "This is nested too deep, or too large.");
        }

        foreach (var (name, value) in (node as YamlMappingNode)?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
        {
            if (name is not YamlScalarNode)
            {
                throw new YamlException(name.Start, name.End, "A field's name must be a text.");
            }

            Walk(value, depth + 1, ref nodes);
        }

        foreach (var item in (node as YamlSequenceNode)?.Children ?? [])
        {
            Walk(item, depth + 1, ref nodes);
        }
    }

    // A tree is made by recursion, so that depth is counted before.
    private sealed class DepthLimit(IParser parser) : IParser
    {
        private int _depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            var isMore = parser.MoveNext();
            if (isMore && Current is MappingStart or SequenceStart && ++_depth > MaxDepth)
            {
                throw new YamlException(Current!.Start, Current.End, "This is nested too deep.");
            }

            if (isMore && Current is MappingEnd or SequenceEnd)
            {
                _depth--;
            }

            return isMore;
        }
    }
}
