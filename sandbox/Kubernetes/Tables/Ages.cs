using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>How long ago something was, in few letters.</summary>
internal static class Ages
{
    public static string Of(JsonObject item, DateTimeOffset now) => Since(item.Object("metadata").Text("creationTimestamp"), now);

    public static string Since(string time, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var then))
        {
            return "<unknown>";
        }

        var age = now - then;
        return age switch
        {
            { TotalSeconds: < 120 } => Text(Math.Max(0, age.TotalSeconds), "s"),
            { TotalMinutes: < 10 } when age.Seconds > 0 => $"{Text(age.TotalMinutes, "m")}{age.Seconds}s",
            { TotalHours: < 3 } => Text(age.TotalMinutes, "m"),
            { TotalHours: < 8 } when age.Minutes > 0 => $"{Text(age.TotalHours, "h")}{age.Minutes}m",
            { TotalHours: < 48 } => Text(age.TotalHours, "h"),
            _ => Text(age.TotalDays, "d"),
        };
    }

    private static string Text(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(int)number}{unit}");
}
