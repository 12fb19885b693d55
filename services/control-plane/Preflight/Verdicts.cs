using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Makes checks.</summary>
internal static class Verdicts
{
    public static PreflightCheck Pass(string code, string message) =>
        new() { Code = code, Verdict = Verdict.Pass, Message = message };

    public static PreflightCheck Notice(string code, string message, string remedy = "", string link = "") =>
        new() { Code = code, Verdict = Verdict.Notice, Message = message, Remedy = remedy, Link = link };

    public static PreflightCheck Refuse(string code, string message, string remedy, string link = "") =>
        new() { Code = code, Verdict = Verdict.Refuse, Message = message, Remedy = remedy, Link = link };

    /// <param name="code">UPPER_SNAKE_CASE.</param>
    /// <param name="message">What can't be told.</param>
    /// <param name="until">The step after which it can; empty: when what did not answer does.</param>
    public static PreflightCheck Unknown(string code, string message, string until = "") =>
        new() { Code = code, Verdict = Verdict.Unknown, Message = message, UnknownUntil = until };

    /// <summary>Something that is missing: fine where the rollout brings it about, else refused.</summary>
    public static PreflightCheck Missing(PreflightFacts facts, string step, string code, string message, string remedy) =>
        facts.Ahead.Contains(step)
            ? Pass(code, $"{message} The step {step} will see to it.")
            : Refuse(code, message, remedy);
}
