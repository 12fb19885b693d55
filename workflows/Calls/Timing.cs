using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Hosting;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>
/// The intervals and limits of a rollout, fixed at its start, in milliseconds; a part of every input, so its names are short. What
/// each means is said at <see cref="RolloutOptions"/>.
/// </summary>
internal sealed record Timing(
    [property: JsonPropertyName("c")] long CallTimeout,
    [property: JsonPropertyName("f")] long FirstPause,
    [property: JsonPropertyName("l")] long LongestPause,
    [property: JsonPropertyName("s")] long StepGiveUp,
    [property: JsonPropertyName("u")] long UndoGiveUp,
    [property: JsonPropertyName("w")] long UnansweredWait,
    [property: JsonPropertyName("p")] long PollEvery,
    [property: JsonPropertyName("r")] long PreflightGiveUp,
    [property: JsonPropertyName("m")] long LongCallTimeout)
{
    /// <summary>What the settings say, where the request says nothing else.</summary>
    public static Timing Of(RolloutOptions options, FleetInstallRequest request) => new(
        Milliseconds(options.CallTimeout),
        Milliseconds(options.FirstPause),
        Milliseconds(options.LongestPause),
        Milliseconds(options.StepGiveUpAfter),
        Milliseconds(request.Undo.GiveUpAfter ?? options.UndoGiveUpAfter),
        Milliseconds(options.UnansweredWait),
        Milliseconds(request.PollEvery ?? options.PollEvery),
        Milliseconds(options.PreflightGiveUpAfter),
        Milliseconds(options.LongCallTimeout));

    /// <summary>The pause before try number <paramref name="tries"/> + 1: doubled each time, up to the longest.</summary>
    public TimeSpan Pause(int tries) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(tries, 30))));

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
