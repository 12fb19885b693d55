using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// Renders control planes. What a fleet's clusters have in common is rendered once, with tokens in the place of the few values of a
/// cluster; these are filled in afterwards.
/// </summary>
public sealed class ManifestRenderer : IDisposable
{
    // A rollout has one or two; more are old ones.
    private const int Kept = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<Rendering>>> _renderings = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>How often a package's istioctl was run.</summary>
    public int Runs { get; private set; }

    /// <summary>Renders a control plane.</summary>
    /// <param name="package">The package.</param>
    /// <param name="values">What it is for.</param>
    /// <param name="cancellationToken">Stops the wait; the rendering goes on for others.</param>
    /// <returns>The manifests.</returns>
    /// <exception cref="MeshException">It can't be rendered: <c>OPTION_…</c>, <c>OVERLAY_INVALID</c>, <c>ISTIOCTL_FAILED</c>.</exception>
    public async Task<IReadOnlyList<RenderedManifest>> RenderAsync(
        Package package, MeshValues values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(values);
        values = WithoutOwnAliases(values);
        var seed = Digest(package.Digest, values, cluster: null)[..10];
        var tokens = ClusterTokens.For(values.Cluster, seed);
        var tokened = values with { Cluster = WithAliases(tokens.Rendered, values) };
        var key = Digest(package.Digest, tokened, tokened.Cluster);
        if (_renderings.Count > Kept)
        {
            _renderings.Clear();
        }

        var work = _renderings.GetOrAdd(key, _ => new Lazy<Task<Rendering>>(() => Task.Run(() => RunAsync(package, tokened, tokens))));
        try
        {
            var rendering = await work.Value.WaitAsync(cancellationToken);
            return [.. rendering.Manifests.Select(manifest => manifest.IsShared
                ? manifest
                : manifest with { Body = (JsonObject)tokens.Fill(manifest.Body, values.Cluster)! })];
        }
        catch (Exception) when (work.Value.IsFaulted)
        {
            _renderings.TryRemove(KeyValuePair.Create(key, work));
            throw;
        }
    }

    /// <summary>Tells what options and overlays make of a control plane.</summary>
    /// <param name="package">The package.</param>
    /// <param name="values">What it is for.</param>
    /// <param name="manifests">What was rendered for that.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>A line for every object and field that differs; none: there are neither options nor overlays.</returns>
    /// <exception cref="MeshException">It can't be rendered.</exception>
    public async Task<IReadOnlyList<string>> DifferenceAsync(
        Package package, MeshValues values, IReadOnlyList<RenderedManifest> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Options.Count + values.Overlays.Count == 0)
        {
            return [];
        }

        var bare = await RenderAsync(package, values with { Options = [], Overlays = [] }, cancellationToken);
        return RenderedDifference.Between(bare.Select(manifest => manifest.Body), manifests.Select(manifest => manifest.Body));
    }

    /// <summary>Renders a control plane for one cluster directly, without tokens.</summary>
    /// <param name="package">The package.</param>
    /// <param name="values">What it is for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifests, YAML.</returns>
    public static Task<string> RenderDirectlyAsync(Package package, MeshValues values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(values);
        return Istioctl.GenerateAsync(package.Istioctl, values.Revision, OperatorFiles.Of(package, values), cancellationToken);
    }

    /// <summary>Renders an effective operator, with nothing laid over it.</summary>
    /// <param name="package">The package.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="operatorText">The operator, YAML.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifests, YAML.</returns>
    public static Task<string> RenderOperatorAsync(Package package, string revision, string operatorText, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        return Istioctl.GenerateAsync(package.Istioctl, revision, [("operator.yaml", operatorText)], cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    // The fleet's own project is known; whether a cluster's is another one changes the number of aliases, so it is part of the key.
    private static MeshCluster WithAliases(MeshCluster rendered, MeshValues values) =>
        values.Cluster.Project == values.FleetProject ? rendered with { Project = values.FleetProject } : rendered;

    // Those that the values themselves bring would not be known again behind tokens.
    private static MeshValues WithoutOwnAliases(MeshValues values)
    {
        var own = OperatorFiles.Aliases(values with { Cluster = values.Cluster with { KnownAliases = [] } });
        return values with { Cluster = values.Cluster with { KnownAliases = [.. values.Cluster.KnownAliases.Except(own)] } };
    }

    private static string Digest(string package, MeshValues values, MeshCluster? cluster)
    {
        var shape = new JsonObject
        {
            ["package"] = package,
            ["revision"] = values.Revision,
            ["fleet"] = $"{values.FleetProject}/{values.FleetNumber}",
            ["authority"] = $"{values.Authority}/{values.AuthorityPool}",
            ["options"] = JsonSerializer.SerializeToNode(values.Options),
            ["overlays"] = JsonSerializer.SerializeToNode(values.Overlays),
            ["cluster"] = JsonSerializer.SerializeToNode(cluster),
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape.ToJsonString())));
    }

    private async Task<Rendering> RunAsync(Package package, MeshValues tokened, ClusterTokens tokens)
    {
        Runs++;
        var text = await RenderDirectlyAsync(package, tokened, _end.Token);
        try
        {
            return new Rendering([.. Yaml.ReadObjects(text).Select(body => new RenderedManifest(body, !tokens.AreIn(body.ToJsonString())))]);
        }
        catch (FormatException exception)
        {
            throw new MeshException(
                "ISTIOCTL_FAILED", $"What istioctl rendered can't be read: {exception.Message}", "Use the package's own istioctl.");
        }
    }

    private sealed record Rendering(IReadOnlyList<RenderedManifest> Manifests);
}

/// <summary>A rendered manifest.</summary>
/// <param name="Body">The object.</param>
/// <param name="IsShared">Whether it is the same for every cluster of the rendering.</param>
public sealed record RenderedManifest(JsonObject Body, bool IsShared);
