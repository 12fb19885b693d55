using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshWorkflow.YamlText;

/// <summary>
/// Checks what a parser finds before a tree is made of it. Trees are built and walked by recursion: what is too deep would end the
/// process, and can't be caught.
/// </summary>
internal sealed class CheckedEvents(IParser parser, YamlLimits limits) : IParser
{
    private const string Standard = "tag:yaml.org,2002:";
    private const int MaxPath = 200;

    private readonly Stack<Frame> _open = new();
    private readonly Dictionary<AnchorName, (int Nodes, int Letters, int Height)> _anchors = [];
    private readonly HashSet<AnchorName> _unfinished = [];
    private int _nodes;
    private int _letters;

    public ParsingEvent? Current { get; private set; }

    /// <summary>How far the parser came.</summary>
    public Mark Last { get; private set; } = new(0, 1, 1);

    /// <summary>In which field the parser is.</summary>
    public string Path
    {
        get
        {
            var path = string.Concat(_open.Reverse().Select(frame => frame.Step)).TrimStart('.');
            return path.Length <= MaxPath ? path : path[..MaxPath] + "…";
        }
    }

    public bool MoveNext()
    {
        if (!parser.MoveNext())
        {
            Current = null;
            return false;
        }

        if (parser.Current is not { } found)
        {
            Current = null;
            return true;
        }

        Last = found.End;
        Current = Checked(found);
        return true;
    }

    private ParsingEvent Checked(ParsingEvent found)
    {
        switch (found)
        {
            case DocumentStart:
                _anchors.Clear();
                return found;
            case Scalar scalar:
                Enter(scalar);
                Leave(scalar.Anchor, nodes: 1, scalar.Value.Length, height: 0);
                return IsText(scalar)
                    ? new Scalar(scalar.Anchor, scalar.Tag, scalar.Value, ScalarStyle.DoubleQuoted, false, true, scalar.Start, scalar.End)
                    : scalar;
            case AnchorAlias alias:
                Enter(alias);
                Follow(alias);
                return alias;
            case MappingStart or SequenceStart:
                Open((NodeEvent)found);
                return found;
            case MappingEnd or SequenceEnd:
                var closed = _open.Pop();
                Leave(closed.Anchor, _nodes - closed.Nodes, _letters - closed.Letters, closed.Height);
                return found;
            default:
                return found;
        }
    }

    private void Enter(ParsingEvent node)
    {
        if (_open.TryPeek(out var parent))
        {
            if (parent.IsAtName)
            {
                Name(parent, node as Scalar ?? throw Refused(node, "the name of a field must be a text"));
            }
            else
            {
                parent.Begin();
            }
        }

        Count(node, 1, (node as Scalar)?.Value.Length ?? 0);
        if (node is Scalar { Value: var text } && YamlCharacters.HasHalves(text))
        {
            throw Refused(node, "there is half a character (a lone surrogate) in it");
        }

        if (node is NodeEvent { Tag: { IsEmpty: false, Value: var tag } } && !IsKnown(node, tag))
        {
            throw Refused(node, $"the tag {Shown(tag)} is not read: leave it away, and put texts into quotes", isQuoting: true);
        }
    }

    private void Name(Frame parent, Scalar name)
    {
        if (name is { Value: "<<", Style: ScalarStyle.Plain })
        {
            throw Refused(name, "merge keys (<<) are not read: write the fields out");
        }

        var isNew = parent.Names.Add(name.Value);
        parent.At(name.Value);
        if (!isNew)
        {
            throw Refused(name, "the field stands here for the second time");
        }
    }

    private void Open(NodeEvent node)
    {
        Enter(node);
        if (!node.Anchor.IsEmpty)
        {
            _unfinished.Add(node.Anchor);
        }

        _open.Push(new Frame(node is MappingStart, node.Anchor, _nodes - 1, _letters));
        if (_open.Count > limits.MaxDepth)
        {
            throw TooDeep(node);
        }
    }

    private void Leave(AnchorName anchor, int nodes, int letters, int height)
    {
        if (!anchor.IsEmpty)
        {
            _unfinished.Remove(anchor);
            _anchors[anchor] = (nodes, letters, height);
        }

        if (_open.TryPeek(out var parent))
        {
            parent.Height = Math.Max(parent.Height, height + 1);
            parent.End();
        }
    }

    private void Follow(AnchorAlias alias)
    {
        if (_unfinished.Contains(alias.Value))
        {
            throw Refused(alias, "the alias names what it stands in");
        }

        if (!_anchors.TryGetValue(alias.Value, out var named))
        {
            throw Refused(alias, "the alias names nothing above it");
        }

        Count(alias, named.Nodes - 1, named.Letters);
        if (_open.Count + named.Height > limits.MaxDepth)
        {
            throw TooDeep(alias);
        }

        Leave(AnchorName.Empty, named.Nodes, named.Letters, named.Height);
    }

    // Neither can overflow: what an anchor counts has been below the limit.
    private void Count(ParsingEvent node, int nodes, int letters)
    {
        _nodes += nodes;
        if (_nodes > limits.MaxNodes)
        {
            throw Refused(node, string.Create(CultureInfo.InvariantCulture, $"there are more than {limits.MaxNodes:N0} values up to here, aliases taken apart"));
        }

        _letters += letters;
        if (_letters > limits.MaxBytes)
        {
            throw Refused(node, $"it is larger than {limits.MaxBytes / 1024} KiB up to here, aliases taken apart");
        }
    }

    private static bool IsText(Scalar scalar) =>
        scalar.Style is ScalarStyle.Plain && !scalar.Tag.IsEmpty && scalar.Tag.Value is "!" or Standard + "str";

    private static bool IsKnown(ParsingEvent node, string tag) => (tag, node) is
        ("!", _) or (Standard + "str", Scalar) or (Standard + "map", MappingStart) or (Standard + "seq", SequenceStart);

    private static string Shown(string tag) => tag.StartsWith(Standard, StringComparison.Ordinal) ? $"!!{Cut(tag[Standard.Length..])}" : Cut(tag);

    private static string Cut(string text) => text.Length <= 50 ? text : text[..50] + "…";

    private YamlFormatException TooDeep(ParsingEvent node) => Refused(node, $"it is nested deeper than {limits.MaxDepth} levels");

    private YamlFormatException Refused(ParsingEvent at, string problem, bool isQuoting = false) =>
        new(problem, at.Start.Line, at.Start.Column, Path, isQuoting);

    // A list or map that is being read.
    private sealed class Frame(bool isMap, AnchorName anchor, int nodes, int letters)
    {
        private readonly bool _isMap = isMap;
        private int _index = -1;
        private string _name = "";

        public AnchorName Anchor { get; } = anchor;

        /// <summary>How much there was before it.</summary>
        public int Nodes { get; } = nodes;

        public int Letters { get; } = letters;

        public int Height { get; set; }

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public bool IsAtName { get; private set; } = isMap;

        public string Step => _isMap
            ? _name.Length == 0 ? "" : $".{_name}"
            : _index < 0 ? "" : $"[{_index.ToString(CultureInfo.InvariantCulture)}]";

        public void At(string name) => _name = name;

        public void Begin() => _index++;

        public void End() => IsAtName = _isMap && !IsAtName;
    }
}
