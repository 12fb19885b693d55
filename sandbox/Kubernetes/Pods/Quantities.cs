using System.Globalization;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>Reads amounts such as <c>500m</c>, <c>2Gi</c> or <c>1e3</c>.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>The amount; 0: it is none.</summary>
    public static decimal Of(string text)
    {
        var (suffix, factor) = Suffixes.FirstOrDefault(each => text.EndsWith(each.Suffix, StringComparison.Ordinal));
        var number = suffix is null ? text : text[..^suffix.Length];
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount * (suffix is null ? 1 : factor) : 0;
    }
}
