using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Failures;

/// <summary>Makes outcomes.</summary>
public static class Outcomes
{
    /// <summary>It is done.</summary>
    public static Outcome Done() => new() { Done = new Done() };

    /// <summary>It is done, but for what is left.</summary>
    /// <param name="residue">What is left.</param>
    public static Outcome Done(IEnumerable<Residue> residue) => new() { Done = new Done { Residue = { residue } } };

    /// <summary>It is under way outside.</summary>
    /// <param name="handles">What to look at.</param>
    public static Outcome Pending(params IEnumerable<string> handles) => new() { Pending = new Pending { Handles = { handles } } };

    /// <summary>Not now.</summary>
    /// <param name="notBefore">When to try again.</param>
    /// <param name="reason">What it waits for.</param>
    public static Outcome Wait(DateTimeOffset notBefore, string reason) =>
        new() { Wait = new Wait { NotBefore = notBefore.ToTimestamp(), Reason = reason } };

    /// <summary>The world is no longer what the plan saw.</summary>
    /// <param name="resource">Where.</param>
    /// <param name="message">How.</param>
    public static Outcome Conflict(string resource, string message) =>
        new() { Conflict = new Conflict { Resource = resource, Message = message } };

    /// <summary>It can't be done.</summary>
    /// <param name="reason">UPPER_SNAKE_CASE.</param>
    /// <param name="message">What and why.</param>
    /// <param name="hint">What to do about it.</param>
    public static Outcome Refused(string reason, string message, string hint) =>
        new() { Refused = new Refused { Reason = reason, Message = message, Hint = hint } };
}
