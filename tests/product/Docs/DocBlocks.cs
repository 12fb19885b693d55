using System.Text.RegularExpressions;

namespace MeshWorkflow.Tests.Product.Docs;

/// <summary>The commands of the pages: of every block of bash, unless its fence says why not.</summary>
internal static partial class DocBlocks
{
    // Lines that can't run as they stand, and why.
    private static readonly (string Line, string Reason)[] Left =
    [
        ("dotnet run --project cli -- demo", "CommandTests runs it"),
        ("dotnet test --solution MeshWorkflow.sln", "this is a part of it"),
        ("dotnet run --project cli -- sandbox --world fleet", "the test's own sandbox stands for it: it would not end"),
        ("dotnet run --project cli -- up --config …/up.json", "the test's own product stands for it: it would not end"),
    ];

    public static IEnumerable<string> Pages { get; } =
        [Path.Combine(Docs.Pages.Root, "README.md"), .. Directory.EnumerateFiles(Path.Combine(Docs.Pages.Root, "docs"), "*.md").Order(StringComparer.Ordinal)];

    /// <summary>The fences of shells other than those that are read here: nobody would run them.</summary>
    public static IEnumerable<string> Others(string page) => Fence().Matches(Text(page))
        .Select(match => match.Groups["info"].Value.Trim())
        .Where(info => info.Split(' ')[0] is "sh" or "shell" or "console" or "zsh")
        .Select(info => $"{Path.GetFileName(page)}: {info}");

    /// <summary>The commands of a page, each with its continued lines, without what is said about it.</summary>
    public static IReadOnlyList<string> Commands(string page) =>
    [
        .. Fence().Matches(Text(page))
            .Where(match => match.Groups["info"].Value.Trim() == "bash")
            .SelectMany(match => match.Groups["text"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => Remark().Replace(line, "").Trim())
            .Where(line => line.Length > 0 && !Left.Any(left => left.Line == line)),
    ];

    /// <summary>The blocks that say that they can't be run, and not why.</summary>
    public static IEnumerable<string> Unexplained(string page) => Fence().Matches(Text(page))
        .Select(match => match.Groups["info"].Value.Trim())
        .Where(info => info.StartsWith("bash", StringComparison.Ordinal) && info != "bash" && !Explained().IsMatch(info))
        .Select(info => $"{Path.GetFileName(page)}: {info}");

    private static string Text(string page) => File.ReadAllText(page).ReplaceLineEndings("\n");

    [GeneratedRegex("^```(?<info>[^\\n`]+)\\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("(^|\\s+)#.*$")]
    private static partial Regex Remark();

    [GeneratedRegex("^bash skip: .{5,}$")]
    private static partial Regex Explained();
}
