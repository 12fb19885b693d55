using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Workflows.Planning;
using Spectre.Console;

namespace MeshWorkflow.Cli.Packages;

/// <summary>The folder of <c>--output_dir</c>: istioctl, samples and manifests, where asmcli leaves them.</summary>
internal sealed class OutputFolder(string path, Package package)
{
    private const string OfCluster = "cluster/";
    private const string Clusters = "clusters";

    /// <summary>Puts the package there, or, with nothing to be downloaded, looks at the one that is there.</summary>
    public static async Task<OutputFolder> PrepareAsync(
        WantedRequest wanted, string path, bool isOffline, PackageOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var request = new PackageRequest(
            MeshVersion.Parse(wanted.Request.Mesh.Version),
            wanted.Request.Package?.Release,
            wanted.Request.Package?.Configuration,
            wanted.Request.Package?.ReleaseSha256,
            wanted.Request.Package?.ConfigurationSha256);
        var fetch = new PackageFetch(options, console);
        var package = await fetch.GetAsync(request, cancellationToken);
        foreach (var option in wanted.Request.Options)
        {
            package.OptionFile(option);
        }

        if (!isOffline)
        {
            await fetch.KeepAsync(package, path, cancellationToken);
            console.MarkupLineInterpolated($"The mesh package {package.Version.Configuration} is in {Path.GetFullPath(path)}");
        }

        return new OutputFolder(Path.GetFullPath(path), package);
    }

    /// <summary>
    /// Keeps what the control planes are rendered from, and what comes of it: of one cluster where asmcli leaves it, of a fleet's in a
    /// folder for each, <c>clusters/PROJECT_LOCATION_NAME</c>.
    /// </summary>
    public async Task KeepManifestsAsync(WantedRequest wanted, RolloutClient client, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (wanted.Request.OnlyEnable)
        {
            return;
        }

        var plan = await client.PlanAsync(wanted.Text, cancellationToken);
        var clusters = plan.Scopes.Where(scope => scope.Scope.StartsWith(OfCluster, StringComparison.Ordinal)).ToList();
        var isFleet = clusters.Count > 1 || wanted.Request.Clusters.Count > 1;
        var revision = wanted.Request.Mesh.Revision;
        await Parallel.ForEachAsync(clusters, cancellationToken, async (scope, token) =>
        {
            if (scope.Operator() is { } text)
            {
                var folder = isFleet ? Path.Combine(path, Clusters, FolderOf(scope.Scope)) : path;
                PackageOutput.WriteManifests(folder, revision, text, await ManifestRenderer.RenderOperatorAsync(package, revision, text, token));
            }
        });
        if (clusters.Count == 0)
        {
            console.MarkupLine("[yellow]No manifests are kept: no cluster can be planned now.[/]");
        }

        foreach (var scope in clusters.Where(scope => scope.Operator() is null))
        {
            console.MarkupLineInterpolated($"[yellow]The manifests of {scope.Scope[OfCluster.Length..]} are not kept: its control plane can't be rendered now.[/]");
        }
    }

    // A project's name may have a colon in it.
    private static string FolderOf(string scope) => scope[OfCluster.Length..].Replace('/', '_').Replace(':', '.');
}

/// <summary>What a plan says of control planes.</summary>
internal static class PlanTexts
{
    /// <summary>What the first control plane is rendered from; null: the plan didn't come so far.</summary>
    public static string? Operator(this PlanView plan) => plan.Scopes.Select(Operator).FirstOrDefault(text => text is not null);

    /// <summary>What a scope's control plane is rendered from; null: it has none, or the plan didn't come so far.</summary>
    public static string? Operator(this PlannedScope scope) => scope.Steps
        .SelectMany(step => step.Texts ?? [])
        .FirstOrDefault(text => text.Name == "operator.yaml")?.Text;
}
