namespace MeshWorkflow.Cli.Asmcli;

/// <summary>
/// Divides a command line into what asmcli's rules hold for, and what is ours: words and flags of asmcli in any case, values behind a space
/// only, nothing bundled.
/// </summary>
/// <param name="Rest">What is left of the command line for the command itself: its word, and flags of ours.</param>
/// <param name="Tokens">What is asmcli's.</param>
internal sealed record CommandWords(IReadOnlyList<string> Rest, IReadOnlyList<string> Tokens)
{
    private static readonly string[] Commands = ["install", "apply", "validate", "print-config", "preflight", "plan", "create-mesh", "build-offline-package"];

    // Ours on these commands, and whether a value comes behind.
    private static readonly Dictionary<string, bool> Ours = new(StringComparer.Ordinal)
    {
        ["--file"] = true,
        ["-f"] = true,
        ["--state"] = true,
        ["--api"] = true,
        ["--idempotency-key"] = true,
        ["--config"] = true,
        ["--archive"] = true,
        ["--detach"] = false,
        ["--detailed-exitcode"] = false,
        ["--operator"] = false,
        ["--json"] = false,
        ["--all"] = false,
        ["--help"] = false,
        ["-h"] = false,
        ["-?"] = false,
    };

    public static CommandWords Of(IReadOnlyList<string> args)
    {
        var words = args.ToList();
        var isExperimental = words.Count > 0 && words[0].ToLowerInvariant() is "experimental" or "x";
        if (isExperimental)
        {
            words.RemoveAt(0);
        }

        var word = words.Count > 0 ? words[0].ToLowerInvariant() : "";
        if (!Commands.Contains(word) || (isExperimental && word != "install"))
        {
            return new CommandWords(args, []);
        }

        if (words.Exists(token => token.Equals("--version", StringComparison.OrdinalIgnoreCase)))
        {
            return new CommandWords(["--version"], []);
        }

        var rest = new List<string> { word };
        var tokens = new List<string>();
        for (var i = 1; i < words.Count; i++)
        {
            var name = OurName(words[i]);
            if (!Ours.TryGetValue(name, out var hasValue))
            {
                tokens.Add(words[i]);
                continue;
            }

            rest.Add(name + words[i][name.Length..]);
            if (hasValue && !words[i].Contains('=', StringComparison.Ordinal) && i + 1 < words.Count)
            {
                rest.Add(words[++i]);
            }
        }

        return new CommandWords(rest, tokens);
    }

    // Of the short ones only help is asmcli's, too.
    private static string OurName(string token) => token.StartsWith("--", StringComparison.Ordinal) || token == "-H" ? token.Split('=')[0].ToLowerInvariant() : token;
}
