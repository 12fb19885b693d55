using System.Text.RegularExpressions;
using MeshWorkflow.Cli.Asmcli;

namespace MeshWorkflow.Tests.Product.Docs;

/// <summary>The page of errors knows every reason that the sources have.</summary>
public sealed partial class ErrorsPageTests
{
    private static readonly string[] Folders = ["libraries/steps", "libraries/mesh-package", "libraries/mesh-certificates", "libraries/kubernetes", "libraries/google", "services", "workflows", "cli"];

    // In capitals, and no reason of ours: settings, and codes of Google's APIs and of other programs.
    private static readonly HashSet<string> Others =
    [
        "ACCESS_TOKEN_EXPIRED", "APP_API_TOKEN", "CA_PROVIDER", "DAPR_API_TOKEN", "DAPR_GRPC_ENDPOINT", "DAPR_HTTP_ENDPOINT", "MESHWF_HOME", "ALREADY_EXISTS",
        "CLUSTER_ALREADY_HAS_OPERATION", "DEADLINE_EXCEEDED", "FAILED_PRECONDITION", "INVALID_ARGUMENT", "ISTIO_MULTIROOT_MESH", "RESOURCE_EXHAUSTED",
        "SECURITY_POLICY_VIOLATED", "SERVICE_DISABLED", "SET_LABELS", "UPDATE_CLUSTER",
    ];

    [Fact]
    public void Page_EveryReasonOfTheSources_IsListed()
    {
        var root = Pages.Root;
        var page = File.ReadAllText(Path.Combine(root, "docs", "errors.md"));
        var reasons = Folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Reason().Matches(File.ReadAllText(file)).Select(match => match.Groups["reason"].Value))
            .Distinct()
            .Except(Others)
            .Except(Flags.NotRead.Select(variable => variable.Name))
            .Except(Flags.All.SelectMany(flag => new[] { flag.Environment, flag.OnlyWith }).OfType<string>())
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(reasons.Count > 50, "The sources were not found.");
        Assert.DoesNotContain(reasons, reason => !page.Contains($"`{reason}`", StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<reason>[A-Z][A-Z0-9]+(_[A-Z0-9]+)+)\"")]
    private static partial Regex Reason();
}
