using System.Runtime.CompilerServices;
using System.Text;
using MeshWorkflow.ControlPlane.Preflight;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>The page of preflight has every finding that the sources have, as they have it. <c>UPDATE_GOLDEN_FILES=1</c> rewrites it.</summary>
public sealed class CheckPageTests
{
    private const string Begin = "<!-- checks: written from the sources by a test, UPDATE_GOLDEN_FILES=1 -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public void Page_TableOfChecks_IsThatOfTheSources()
    {
        var file = Page();
        var page = File.ReadAllText(file);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN_FILES") == "1")
        {
            File.WriteAllText(file, page[..begin] + Table() + page[end..]);
            return;
        }

        Assert.Equal(Table(), page[begin..end]);
    }

    [Fact]
    public void Checks_EveryOne_HasACodeOfItsOwnAndARefusalSaysWhatToDo()
    {
        Assert.True(Checks.All.Count > 40);
        Assert.Equal(Checks.All.Count, Checks.All.Select(check => check.Code).Distinct().Count());
        Assert.All(Checks.All.Where(check => check.MayBe.HasFlag(MayBe.Refuse) && check.Code != "OPTION_UNKNOWN"), check => Assert.NotEmpty(check.Remedy));
    }

    [Fact]
    public void Check_VerdictThatItMayNotHave_IsAFault() =>
        Assert.Throws<InvalidOperationException>(() => Checks.AutopilotCluster.Pass("it is fine"));

    private static string Table()
    {
        var text = new StringBuilder("| About | Code | Verdict | Means | What to do |\n| --- | --- | --- | --- | --- |\n");
        foreach (var check in Checks.All)
        {
            var verdicts = string.Join(", ", Enum.GetValues<MayBe>().Where(one => check.MayBe.HasFlag(one)).Select(one => one.ToString().ToLowerInvariant()));
            var link = check.Link.Length == 0 ? "" : $" [more]({check.Link})";
            text.Append(null, $"| {check.About} | `{check.Code}` | {verdicts} | {check.Means} | {check.Remedy}{link} |\n");
        }

        return text.ToString();
    }

    private static string Page([CallerFilePath] string test = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, "../../../docs/preflight.md"));
}
