using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads YAML that anybody may have sent.</summary>
internal static class YamlDocuments
{
    /// <summary>How deep a text may be nested.</summary>
    public const int MaxDepth = 100;

    /// <exception cref="YamlException">It is no YAML, or nested too deep.</exception>
    public static IList<YamlDocument> Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new BoundedParser(new Parser(new StringReader(text))));
        return stream.Documents;
    }

    // The tree is built by recursion: what is too deep would end the process, and can't be caught.
    private sealed class BoundedParser(Parser parser) : IParser
    {
        private int _depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            var isMore = parser.MoveNext();
            if (isMore && Current is { } current && (_depth += current.NestingIncrease) > MaxDepth + 2)
            {
                throw new SemanticErrorException(current.Start, current.End, $"It is nested deeper than {MaxDepth} levels.");
            }

            return isMore;
        }
    }
}
