using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>From a service's outcome to what the history keeps of it.</summary>
internal static class StepOutcomes
{
    private const int MaxMessage = 300;

    public static StepResult Of(Outcome outcome) => outcome.OutcomeCase switch
    {
        Outcome.OutcomeOneofCase.Done => new StepResult(
            StepResultKind.Done, Residue: outcome.Done.Residue.Count, Standing: outcome.Done.Residue.Count(residue => residue.Ours)),
        Outcome.OutcomeOneofCase.Pending => new StepResult(StepResultKind.Pending, Handles: [.. outcome.Pending.Handles]),
        Outcome.OutcomeOneofCase.Wait => Of(outcome.Wait),
        Outcome.OutcomeOneofCase.Conflict => new StepResult(StepResultKind.Conflict, Message: Cut(outcome.Conflict.Message)),
        Outcome.OutcomeOneofCase.Refused => Of(outcome.Refused),
        _ => throw new InvalidOperationException("The service answered without an outcome."),
    };

    public static StepResult Of(Wait wait) => new(
        StepResultKind.Wait, NotBefore: (wait.NotBefore ?? new Timestamp()).ToDateTimeOffset(), Message: Cut(wait.Reason));

    public static StepResult Of(Refused refused) => new(
        StepResultKind.Refused, Reason: refused.Reason, Message: Cut($"{refused.Message} {refused.Hint}".TrimEnd()));

    public static string Cut(string text) => text.Length <= MaxMessage ? text : text[..(MaxMessage - 1)] + "…";
}
