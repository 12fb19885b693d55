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

    /// <summary>Keeps what the control plane is rendered from, and what comes of it.</summary>
    public async Task KeepManifestsAsync(WantedRequest wanted, RolloutClient client, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (wanted.Request.Clusters.Count > 1 || wanted.Request.OnlyEnable)
        {
            return;
        }

        var plan = await client.PlanAsync(wanted.Text, cancellationToken);
        if (plan.Operator() is not { } text)
        {
            console.MarkupLine("[yellow]The manifests are not kept: the control plane can't be rendered now.[/]");
            return;
        }

        var revision = wanted.Request.Mesh.Revision;
        PackageOutput.WriteManifests(path, revision, text, await ManifestRenderer.RenderOperatorAsync(package, revision, text, cancellationToken));
    }
}

/// <summary>What a plan says of control planes.</summary>
internal static class PlanTexts
{
    /// <summary>What the control plane is rendered from; null: the plan didn't come so far.</summary>
    public static string? Operator(this PlanView plan) => plan.Scopes
        .SelectMany(scope => scope.Steps)
        .SelectMany(step => step.Texts ?? [])
        .FirstOrDefault(text => text.Name == "operator.yaml")?.Text;
}
