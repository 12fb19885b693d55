using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>How far a rollout may stray from the wanted number of pods.</summary>
/// <param name="MaxSurge">How many more there may be.</param>
/// <param name="MaxUnavailable">How many may be missing.</param>
internal sealed record RolloutLimits(int MaxSurge, int MaxUnavailable)
{
    public static RolloutLimits Of(JsonObject deployment, int replicas)
    {
        var rolling = deployment.Object("spec").Object("strategy").Object("rollingUpdate");
        var surge = Number(rolling?["maxSurge"], replicas, Math.Ceiling);
        var unavailable = Number(rolling?["maxUnavailable"], replicas, Math.Floor);
        return surge == 0 && unavailable == 0 ? new RolloutLimits(0, 1) : new RolloutLimits(surge, Math.Min(unavailable, replicas));
    }

    /// <summary>Whether a value is a number that isn't negative, or a percentage.</summary>
    public static bool IsLimit(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => Number(value, 0, Math.Floor) >= 0,
        JsonValueKind.String => value.ToString() is [.. { Length: > 0 } digits, '%'] && digits.All(char.IsAsciiDigit),
        _ => false,
    };

    /// <summary>Whether a value allows nothing.</summary>
    public static bool IsNone(JsonNode? value) => value?.ToString() is "0" or "0%";

    /// <summary>A number, or a percentage of a whole.</summary>
    public static int Number(JsonNode? value, int whole, Func<double, double> round)
    {
        if (value is null || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return (int)round(whole * 0.25);
        }

        var text = value.ToString();
        return text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
            ? (int)round(whole * percent / 100)
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
