using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>How a call of a step went, small enough for a history. Details are in ledger and read model.</summary>
/// <param name="Kind">How.</param>
/// <param name="Changes">Plan: how many changes it has.</param>
/// <param name="Digest">Plan: SHA-256 of the stored plan.</param>
/// <param name="Handles">Pending: what Verify is to look at.</param>
/// <param name="NotBefore">Wait: when to try again.</param>
/// <param name="Reason">Refused: UPPER_SNAKE_CASE.</param>
/// <param name="Message">Wait, conflict, refused: why, cut to a readable length.</param>
/// <param name="Residue">Done: how many things an undo left.</param>
/// <param name="Standing">Done: how many of those are of ours.</param>
/// <param name="Wish">What people want of the rollout meanwhile.</param>
/// <param name="Wishes">The version of what they want; 0: nobody ever wanted anything, or it does not matter here.</param>
/// <param name="IsLong">Plan: whether its apply may take minutes.</param>
internal sealed record StepResult(
    StepResultKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Changes = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Digest = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? Handles = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? NotBefore = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Message = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Residue = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Standing = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Wish? Wish = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Wishes = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsLong = false);

/// <summary>How a call of a step went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepResultKind>))]
internal enum StepResultKind
{
    /// <summary>It is done; of a plan: it lies in the ledger.</summary>
    Done,

    /// <summary>It is under way outside.</summary>
    Pending,

    /// <summary>Not now.</summary>
    Wait,

    /// <summary>The world has moved away: a new plan is needed.</summary>
    Conflict,

    /// <summary>It can't be done.</summary>
    Refused,
}

/// <summary>What people want of a rollout that is under way.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Wish>))]
internal enum Wish
{
    /// <summary>No new step.</summary>
    Pause,

    /// <summary>No new step, ever; what is under way is undone.</summary>
    Cancel,
}
