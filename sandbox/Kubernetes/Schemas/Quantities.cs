using System.Globalization;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>Amounts as Kubernetes writes them: <c>100m</c>, <c>1.5Gi</c>, <c>2e3</c>.</summary>
internal static class Quantities
{
    private static readonly Dictionary<string, double> Units = new(StringComparer.Ordinal)
    {
        ["n"] = 1e-9, ["u"] = 1e-6, ["m"] = 1e-3, ["k"] = 1e3, ["M"] = 1e6, ["G"] = 1e9, ["T"] = 1e12, ["P"] = 1e15, ["E"] = 1e18,
        ["Ki"] = 1L << 10, ["Mi"] = 1L << 20, ["Gi"] = 1L << 30, ["Ti"] = 1L << 40, ["Pi"] = 1L << 50, ["Ei"] = 1L << 60,
    };

    /// <summary>The amount; null: it is none.</summary>
    public static double? Read(string text)
    {
        var (unit, factor) = Units.Where(unit => text.EndsWith(unit.Key, StringComparison.Ordinal))
            .OrderByDescending(unit => unit.Key.Length).Select(unit => (unit.Key, unit.Value)).FirstOrDefault();
        var digits = unit is null ? text : text[..^unit.Length];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * (unit is null ? 1 : factor) : null;
    }
}
