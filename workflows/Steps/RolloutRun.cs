using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Ledger;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>One generation of a rollout. In histories it is one text, <c>NAME-gN</c>.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="Generation">Its generation, from 1.</param>
[JsonConverter(typeof(RolloutRunText))]
public sealed record RolloutRun(string Name, int Generation)
{
    /// <inheritdoc/>
    public override string ToString() => LedgerKeys.Run(Name, Generation);

    /// <summary>Reads <c>NAME-gN</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The run, or <see langword="null"/>: the text names none.</returns>
    public static RolloutRun? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var mark = text.LastIndexOf("-g", StringComparison.Ordinal);
        return mark > 0
            && int.TryParse(text.AsSpan(mark + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && generation > 0
            ? new RolloutRun(text[..mark], generation)
            : null;
    }
}

/// <summary>How a run is written: as one text.</summary>
internal sealed class RolloutRunText : JsonConverter<RolloutRun>
{
    public override RolloutRun? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RolloutRun.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, RolloutRun value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
