using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>What flags and environment variables say.</summary>
internal sealed class FlagValues
{
    private readonly Dictionary<AsmcliFlag, List<string>> _values = [];
    private readonly HashSet<AsmcliFlag> _ofEnvironment = [];

    /// <summary>Mistakes in the form alone: flags that there aren't, values that are missing.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; private init; } = [];

    /// <summary>What people should know, and what does not matter else.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Whether a flag was given on the command line.</summary>
    public bool AnyGiven { get; private init; }

    public string? this[AsmcliFlag flag] => _values.TryGetValue(flag, out var values) ? values[^1] : null;

    /// <summary>Whether a flag has its value from the environment.</summary>
    public bool IsOfEnvironment(AsmcliFlag flag) => _ofEnvironment.Contains(flag);

    public bool Has(AsmcliFlag flag) => _values.ContainsKey(flag);

    public bool IsOn(AsmcliFlag flag) => this[flag] == "1";

    public IReadOnlyList<string> All(AsmcliFlag flag) => _values.GetValueOrDefault(flag) ?? [];

    /// <summary>Reads flags, and what isn't among them from the environment.</summary>
    /// <param name="tokens">The tokens that are asmcli's.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="known">The command's flags; null: those of an install.</param>
    /// <param name="words">Gets the words that belong to no flag; null: there must be none.</param>
    public static FlagValues Read(
        IReadOnlyList<string> tokens, Func<string, string?> environment, IReadOnlyList<AsmcliFlag>? known = null, List<string>? words = null)
    {
        var mistakes = new List<Mistake>();
        var notes = new List<string>();
        var values = new FlagValues { Mistakes = mistakes, Notes = notes, AnyGiven = tokens.Count > 0 };
        values.ReadTokens(tokens, known ?? Flags.OnCommandLine, words, mistakes);
        foreach (var flag in (known ?? Flags.All).Where(flag => flag.Environment is not null && !values.Has(flag)))
        {
            values.ReadEnvironment(flag, environment, mistakes, notes);
        }

        if (known is null)
        {
            notes.AddRange(Flags.NotRead
                .Where(variable => environment(variable.Name) is { Length: > 0 } text && text != variable.Default)
                .Select(variable => $"{variable.Name} is set and means nothing here."));
        }

        return values;
    }

    private void ReadTokens(IReadOnlyList<string> tokens, IReadOnlyList<AsmcliFlag> known, List<string>? words, List<Mistake> mistakes)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (words is not null && !tokens[i].StartsWith('-'))
            {
                words.Add(tokens[i]);
            }
            else if (Find(known, tokens[i]) is not { } flag)
            {
                mistakes.Add(Unknown(known, tokens[i]));
            }
            else if (flag.Kind is FlagKind.Switch)
            {
                Set(flag, "1");
            }
            else if (i + 1 == tokens.Count || tokens[i + 1] is "" or ['-', ..])
            {
                mistakes.Add(new Mistake(flag.Long, "REQUIRED", "needs a value", "Write it behind a space; it can't be empty or begin with a hyphen."));
                i += i + 1 < tokens.Count && tokens[i + 1].Length == 0 ? 1 : 0;
            }
            else
            {
                Set(flag, tokens[++i]);
            }
        }
    }

    private void ReadEnvironment(AsmcliFlag flag, Func<string, string?> environment, List<Mistake> mistakes, List<string> notes)
    {
        if (environment(flag.Environment ?? "") is not { Length: > 0 } text || (flag.OnlyWith is { } switchedBy && environment(switchedBy) != "1"))
        {
            return;
        }

        if (flag.Kind is FlagKind.Switch && text is not ("0" or "1"))
        {
            mistakes.Add(new Mistake($"${flag.Environment}", "OUT_OF_RANGE", $"is '{Echo.Of(text)}'", "It must be 0 or 1."));
            return;
        }

        if (flag.Kind is not FlagKind.Switch || text == "1")
        {
            notes.Add(flag.IsSecret ? $"Using {flag.Environment} from the environment." : $"Using {flag.Environment} = {Echo.Of(text)} from the environment.");
        }

        _ofEnvironment.Add(flag);

        // A comma behind each, asmcli says; without the last one it loses the last item.
        foreach (var item in flag.Kind is FlagKind.List ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text])
        {
            Set(flag, item);
        }
    }

    private void Set(AsmcliFlag flag, string value)
    {
        if (!_values.TryGetValue(flag, out var values))
        {
            _values[flag] = values = [];
        }

        values.Add(value);
    }

    private static AsmcliFlag? Find(IReadOnlyList<AsmcliFlag> known, string token) => known.FirstOrDefault(flag => flag.Names.Contains(token.ToLowerInvariant()));

    private static Mistake Unknown(IReadOnlyList<AsmcliFlag> known, string token)
    {
        var isFlag = token.StartsWith('-');
        var name = token.Split('=')[0];
        var remedy = isFlag && token.Contains('=', StringComparison.Ordinal) && Find(known, name) is { Kind: not FlagKind.Switch }
            ? "Values follow behind a space."
            : isFlag && NearestName.Of(name, known.Select(flag => flag.Long)) is { } near ? $"Did you mean {near}? Help: add --help." : "Help: add --help.";
        return new Mistake(isFlag ? Echo.Of(name) : $"'{Echo.Of(token)}'", "UNKNOWN_FLAG", isFlag ? "is no flag of this command" : "belongs to no flag", remedy);
    }
}
