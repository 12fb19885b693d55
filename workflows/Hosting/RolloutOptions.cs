using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Workflows.Hosting;

/// <summary>How rollouts wait, repeat and give up. Section <c>Rollouts</c>. A rollout keeps what it was started with.</summary>
public sealed class RolloutOptions
{
    /// <summary>How long the workflow waits for one call before it makes it again; 45 s by default. Services stop a call after 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>The same for a call that may take minutes, to initialise a mesh configuration; 10 min 15 s by default. Services stop one after 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan LongCallTimeout { get; set; } = TimeSpan.FromSeconds(615);

    /// <summary>The pause before a lost call is made again for the first time; 1 s by default, doubled up to <see cref="LongestPause"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two looks at the world; 30 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a step may wait for the world in all before it counts as failed; 1 h by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "30.00:00:00")]
    public TimeSpan StepGiveUpAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a failing undo is repeated before its rest is named as incomplete; 1 h by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "30.00:00:00")]
    public TimeSpan UndoGiveUpAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an undo waits for a call that was never answered to end for certain; 40 s by default, more than a service works on one.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan UnansweredWait { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>How often those who wait look whether somebody wants them to stop, if the request does not say; 1 min by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long preflight tries to look at a cluster before it is refused; 2 min by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan PreflightGiveUpAfter { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Checks the options at start.</summary>
[OptionsValidator]
internal sealed partial class RolloutOptionsValidator : IValidateOptions<RolloutOptions>;
