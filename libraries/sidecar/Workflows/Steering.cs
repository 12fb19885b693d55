using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What clients tell running instances.</summary>
internal sealed class Steering(Runtime runtime, EventIntake intake)
{
    /// <exception cref="WorkflowRefusedException">There is no such instance, or it is stalled.</exception>
    public async Task RaiseAsync(InstanceKey key, RaiseEventRequest request)
    {
        RefuseStalled(key);
        await intake.AddAsync(key, Arrivals.Raised(request.Name, request.Input, runtime.Clock.Stamp()));
    }

    /// <exception cref="WorkflowRefusedException">There is no such instance.</exception>
    public Task TerminateAsync(InstanceKey key, TerminateRequest request, CancellationToken cancellationToken) => TellAsync(
        key, Arrivals.Terminated(request.Output, request.Recursive, runtime.Clock.Stamp()), _ => false, cancellationToken);

    /// <exception cref="WorkflowRefusedException">There is no such instance, or it is stalled.</exception>
    public Task SuspendAsync(InstanceKey key, SuspendRequest request, CancellationToken cancellationToken)
    {
        RefuseStalled(key);
        var told = Arrivals.Suspended(request.Reason, runtime.Clock.Stamp());
        return TellAsync(key, told, status => status is OrchestrationStatus.Suspended, cancellationToken);
    }

    /// <exception cref="WorkflowRefusedException">There is no such instance, or it is stalled.</exception>
    public Task ResumeAsync(InstanceKey key, ResumeRequest request, CancellationToken cancellationToken)
    {
        RefuseStalled(key);
        var told = Arrivals.Resumed(request.Reason, runtime.Clock.Stamp());
        return TellAsync(key, told, status => status is OrchestrationStatus.Running, cancellationToken);
    }

    private void RefuseStalled(InstanceKey key)
    {
        if (Get(key).Status is OrchestrationStatus.Stalled)
        {
            throw new WorkflowRefusedException(StatusCode.Unknown, "workflow is stalled");
        }
    }

    private async Task TellAsync(
        InstanceKey key, HistoryEvent told, Func<OrchestrationStatus, bool> done, CancellationToken cancellationToken)
    {
        Get(key);
        if (await intake.AddAsync(key, told))
        {
            await runtime.Instances.Board.WaitAsync(
                key,
                status => done(status) || Instance.IsEnd(status),
                () => runtime.Instances.Find(key)?.Status,
                cancellationToken);
        }
    }

    private Instance Get(InstanceKey key) => runtime.Instances.Find(key) ?? throw WorkflowRefusedException.NoSuchInstance(key.Id);
}
