using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Amounts of CPU and memory: <c>2000m</c> is <c>2</c>, <c>1024Mi</c> is <c>1Gi</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 0.000_000_001m), ("u", 0.000_001m), ("m", 0.001m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>The amount, or null: it is none.</summary>
    public static decimal? Of(JsonValue value)
    {
        var text = value.TryGetValue<string>(out var found) ? found : value.ToJsonString();
        var (suffix, factor) = Suffixes.FirstOrDefault(pair => text.EndsWith(pair.Suffix, StringComparison.Ordinal), ("", 1));
        return decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number * factor
            : null;
    }
}
