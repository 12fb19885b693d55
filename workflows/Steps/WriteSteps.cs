using Dapr.Workflow;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>Has a stored plan applied.</summary>
internal sealed class ApplyStep(StepClients clients, StepRecords records) : WorkflowActivity<StepRequest, StepResult>
{
    public override Task<StepResult> RunAsync(WorkflowActivityContext context, StepRequest input) => records.CallAsync(
        input,
        (call, options) => clients.Steps(input.Attempt.App).ApplyAsync(
            new ApplyRequest { Call = call, LedgerKey = input.Attempt.LedgerKey(input.Planned) }, options));
}

/// <summary>Has a stored plan put back.</summary>
internal sealed class RevertStep(StepClients clients, StepRecords records) : WorkflowActivity<StepRequest, StepResult>
{
    public override Task<StepResult> RunAsync(WorkflowActivityContext context, StepRequest input) => records.CallAsync(
        input,
        (call, options) => clients.Steps(input.Attempt.App).RevertAsync(
            new RevertRequest { Call = call, LedgerKey = input.Attempt.LedgerKey(input.Planned) }, options));
}

/// <summary>Asks whether the world is at a side of a stored plan.</summary>
internal sealed class VerifyStep(StepClients clients, StepRecords records) : WorkflowActivity<StepRequest, StepResult>
{
    public override Task<StepResult> RunAsync(WorkflowActivityContext context, StepRequest input) => records.CallAsync(
        input,
        (call, options) => clients.Steps(input.Attempt.App).VerifyAsync(
            new VerifyRequest
            {
                Call = call,
                LedgerKey = input.Attempt.LedgerKey(input.Planned),
                Side = input.Phase is StepPhase.VerifyUndo ? Side.Before : Side.After,
                Handles = { input.Handles ?? [] },
            },
            options));
}
