using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.PrivateCa.Expressions;

/// <summary>
/// An expression over the names in a certificate, in the part of the Common Expression Language that such policies use: comparisons,
/// <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, <c>in</c>, the functions of strings, <c>all</c>, <c>exists</c> and <c>size</c>.
/// </summary>
internal sealed class CelExpression
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(200);

    // Kinds of names are constants of their own.
    private static readonly HashSet<string> Kinds = ["DNS", "URI", "EMAIL", "IP_ADDRESS", "CUSTOM"];
    private readonly CelTokens _tokens;
    private readonly HashSet<string> _known;
    private readonly Func<CelScope, object?> _root;

    private CelExpression(string text, IEnumerable<string> variables)
    {
        _tokens = new CelTokens(text);
        _known = [.. variables];
        _root = Or();
        if (_tokens.Next is { } rest)
        {
            throw new FormatException($"'{rest}' was not expected");
        }
    }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="variables">The names of what it may speak of.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static CelExpression Read(string text, params string[] variables) => new(text, variables);

    /// <summary>Whether it holds.</summary>
    /// <exception cref="FormatException">It compares what can't be compared.</exception>
    public bool Holds(IReadOnlyDictionary<string, object?> variables) => Truth(_root(new CelScope(variables, null, "", null)));

    private Func<CelScope, object?> Or()
    {
        var left = And();
        while (_tokens.Takes("||"))
        {
            var (one, other) = (left, And());
            left = scope => Truth(one(scope)) || Truth(other(scope));
        }

        return left;
    }

    private Func<CelScope, object?> And()
    {
        var left = Comparison();
        while (_tokens.Takes("&&"))
        {
            var (one, other) = (left, Comparison());
            left = scope => Truth(one(scope)) && Truth(other(scope));
        }

        return left;
    }

    private Func<CelScope, object?> Comparison()
    {
        var left = Unary();
        return _tokens.Next switch
        {
            "==" => Compare(left, (one, other) => Equals(one, other)),
            "!=" => Compare(left, (one, other) => !Equals(one, other)),
            "<" => Compare(left, (one, other) => Number(one) < Number(other)),
            ">" => Compare(left, (one, other) => Number(one) > Number(other)),
            "<=" => Compare(left, (one, other) => Number(one) <= Number(other)),
            ">=" => Compare(left, (one, other) => Number(one) >= Number(other)),
            "in" => Compare(left, (one, other) => List(other).Contains(one)),
            _ => left,
        };
    }

    private Func<CelScope, object?> Compare(Func<CelScope, object?> left, Func<object?, object?, bool> compare)
    {
        _tokens.Take();
        var right = Unary();
        return scope => compare(left(scope), right(scope));
    }

    private Func<CelScope, object?> Unary()
    {
        if (_tokens.Takes("!"))
        {
            var inner = Unary();
            return scope => !Truth(inner(scope));
        }

        var value = Primary();
        while (_tokens.Takes("."))
        {
            value = Member(value, _tokens.Take());
        }

        return value;
    }

    private Func<CelScope, object?> Primary()
    {
        var token = _tokens.Take();
        switch (token)
        {
            case "(":
                var inner = Or();
                _tokens.Expect(")");
                return inner;
            case "[":
                var items = Arguments("]");
                return scope => items.ConvertAll(item => item(scope));
            case "true" or "false":
                return _ => token == "true";
            case "size":
                _tokens.Expect("(");
                var argument = Arguments(")").Single();
                return scope => Size(argument(scope));
            case [var first, ..] when first is '"' or '\'':
                return _ => Regex.Unescape(token[1..^1]);
            case [var first, ..] when char.IsAsciiDigit(first):
                return _ => long.Parse(token, CultureInfo.InvariantCulture);
            default:
                return Kinds.Contains(token)
                    ? _ => token
                    : _known.Contains(token) ? scope => scope.Find(token) : throw new FormatException($"undeclared reference to '{token}'");
        }
    }

    private Func<CelScope, object?> Member(Func<CelScope, object?> target, string name)
    {
        if (!_tokens.Takes("("))
        {
            return scope => target(scope) is IReadOnlyDictionary<string, object?> map
                ? map.GetValueOrDefault(name)
                : throw new FormatException($"there is no field '{name}'");
        }

        if (name is "all" or "exists")
        {
            return Macro(target, name == "all");
        }

        var arguments = Arguments(")");
        return name switch
        {
            "startsWith" => scope => Text(target(scope)).StartsWith(Text(arguments.Single()(scope)), StringComparison.Ordinal),
            "endsWith" => scope => Text(target(scope)).EndsWith(Text(arguments.Single()(scope)), StringComparison.Ordinal),
            "contains" => scope => Text(target(scope)).Contains(Text(arguments.Single()(scope)), StringComparison.Ordinal),
            "matches" => scope => Regex.IsMatch(Text(target(scope)), Text(arguments.Single()(scope)), RegexOptions.CultureInvariant, MatchTime),
            "size" => scope => Size(target(scope)),
            _ => throw new FormatException($"there is no function '{name}'"),
        };
    }

    // x.all(name, condition): the name is known in the condition only.
    private Func<CelScope, object?> Macro(Func<CelScope, object?> target, bool isAll)
    {
        var variable = _tokens.Take();
        _tokens.Expect(",");
        var isNew = _known.Add(variable);
        var condition = Or();
        if (isNew)
        {
            _known.Remove(variable);
        }

        _tokens.Expect(")");
        return scope =>
        {
            var each = List(target(scope)).Select(item => Truth(condition(new CelScope(scope.Variables, scope, variable, item))));
            return isAll ? each.All(holds => holds) : each.Any(holds => holds);
        };
    }

    private List<Func<CelScope, object?>> Arguments(string end)
    {
        var arguments = new List<Func<CelScope, object?>>();
        while (!_tokens.Takes(end))
        {
            arguments.Add(Or());
            if (_tokens.Next != end)
            {
                _tokens.Expect(",");
            }
        }

        return arguments;
    }

    private static bool Truth(object? value) => value as bool? ?? throw new FormatException("a truth was expected");

    private static long Number(object? value) => value as long? ?? throw new FormatException("a number was expected");

    private static string Text(object? value) => value as string ?? throw new FormatException("a text was expected");

    private static IEnumerable<object?> List(object? value) => value as IEnumerable<object?> ?? throw new FormatException("a list was expected");

    private static long Size(object? value) => value is string text ? text.Length : List(value).LongCount();
}

/// <summary>What names mean at a place in an expression.</summary>
/// <param name="Variables">What it speaks of.</param>
/// <param name="Outer">The place around it.</param>
/// <param name="Name">The name that is known here.</param>
/// <param name="Value">What it means.</param>
internal sealed record CelScope(IReadOnlyDictionary<string, object?> Variables, CelScope? Outer, string Name, object? Value)
{
    public object? Find(string name) => name == Name ? Value : Outer is null ? Variables.GetValueOrDefault(name) : Outer.Find(name);
}
