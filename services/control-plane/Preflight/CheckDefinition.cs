using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>What a check may end in.</summary>
[Flags]
internal enum MayBe
{
    Pass = 1,
    Notice = 2,
    Refuse = 4,
    Unknown = 8,
}

/// <summary>A finding of preflight: its stable code, what it is about, what it may mean, and what to do about it.</summary>
/// <param name="Code">UPPER_SNAKE_CASE.</param>
/// <param name="About">What it is about; findings of one thing stand together.</param>
/// <param name="MayBe">The verdicts that it may have.</param>
/// <param name="Means">What it says, in one line.</param>
/// <param name="Remedy">What to do about it; empty: nothing.</param>
/// <param name="Link">Where to read more; empty: nowhere.</param>
internal sealed record CheckDefinition(string Code, string About, MayBe MayBe, string Means, string Remedy = "", string Link = "")
{
    public PreflightCheck Pass(string message) => Make(MayBe.Pass, Verdict.Pass, message, "");

    public PreflightCheck Notice(string message, string? remedy = null) => Make(MayBe.Notice, Verdict.Notice, message, remedy ?? Remedy);

    public PreflightCheck Refuse(string message, string? remedy = null) => Make(MayBe.Refuse, Verdict.Refuse, message, remedy ?? Remedy);

    /// <param name="message">What can't be told.</param>
    /// <param name="until">The step after which it can; empty: when what did not answer does.</param>
    public PreflightCheck Unknown(string message, string until = "")
    {
        var made = Make(MayBe.Unknown, Verdict.Unknown, message, Remedy);
        made.UnknownUntil = until;
        return made;
    }

    /// <summary>Something that is missing: fine where the rollout brings it about, else refused.</summary>
    public PreflightCheck Missing(PreflightFacts facts, string step, string message) =>
        facts.Ahead.Contains(step) ? Pass($"{message} The step {step} will see to it.") : Refuse(message);

    private PreflightCheck Make(MayBe one, Verdict verdict, string message, string remedy) => MayBe.HasFlag(one)
        ? new PreflightCheck { Code = Code, About = About, Verdict = verdict, Message = message, Remedy = remedy, Link = verdict is Verdict.Pass ? "" : Link }
        : throw new InvalidOperationException($"{Code} can't be {one}.");
}
