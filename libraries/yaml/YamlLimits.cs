namespace MeshWorkflow.YamlText;

/// <summary>How much a text may be. Depth stays below what JSON readers take (64): most of what is read is written as JSON.</summary>
/// <param name="MaxBytes">The largest text, in bytes of UTF-8.</param>
/// <param name="MaxDepth">How many lists and maps may lie in each other, aliases taken apart.</param>
/// <param name="MaxNodes">How many lists, maps, names and values there may be, aliases taken apart.</param>
public readonly record struct YamlLimits(int MaxBytes, int MaxDepth, int MaxNodes)
{
    private const int Kibi = 1024;

    /// <summary>A rollout request: 1 MiB, 32 levels.</summary>
    public static YamlLimits Request { get; } = new(Kibi * Kibi, 32, 100_000);

    /// <summary>One overlay, or one file of a gateway's manifests: 256 KiB, 60 levels.</summary>
    public static YamlLimits Overlay { get; } = new(256 * Kibi, 60, 50_000);

    /// <summary>A kubeconfig: 1 MiB, 60 levels.</summary>
    public static YamlLimits Kubeconfig { get; } = new(Kibi * Kibi, 60, 100_000);

    /// <summary>Manifests of a whole control plane, with its CRDs: 16 MiB, 60 levels.</summary>
    public static YamlLimits Manifests { get; } = new(16 * Kibi * Kibi, 60, 1_000_000);
}
