using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.FaultPlans;
using StepsClient = MeshWorkflow.Protos.Steps.V1.Steps.StepsClient;

namespace MeshWorkflow.Tests.Services;

/// <summary>A step of a service, called as the orchestrator does: plans are stored, calls have an epoch, verify is asked until it knows.</summary>
public sealed class StepUnderTest(ServiceUnderTest service, Call call, IMessage spec)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly StepsClient _client = new(service.Invoker);
    private readonly List<string> _earlier = [];
    private int _attempt;

    /// <summary>The key of the last stored plan.</summary>
    public string LedgerKey { get; private set; } = "";

    public long Epoch { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Takes over the first plan of another run of the same step that had a change.</summary>
    public StepUnderTest Of(StepUnderTest other)
    {
        (LedgerKey, _attempt) = (other._earlier[0], other._attempt);
        return this;
    }

    /// <summary>Begins what an install, a compensation or an unlock begins with.</summary>
    public async Task RaiseEpochAsync(string holder) => Epoch = await service.Epochs.RaiseAsync(call.Scope, holder, Token);

    /// <summary>Plans, and answers whatever comes.</summary>
    public async Task<PlanReply> TryPlanAsync()
    {
        var made = call.Clone();
        made.Attempt = ++_attempt;
        var request = new PlanRequest { Call = made, Spec = Any.Pack(spec), Earlier = { _earlier } };
        var reply = await _client.PlanAsync(request, cancellationToken: Token);
        if (reply.OutcomeCase is PlanReply.OutcomeOneofCase.Planned)
        {
            var entry = new LedgerEntry { Call = made, Spec = request.Spec, Plan = reply.Planned, Earlier = { _earlier } };
            await service.State<StepLedger>().AddAsync(entry, Token);
            LedgerKey = LedgerKeys.Entry(made);
            if (reply.Planned.Changes.Count > 0)
            {
                _earlier.Add(LedgerKey);
            }
        }

        return reply;
    }

    /// <summary>Plans; anything but a plan fails the test.</summary>
    public async Task<Plan> PlanAsync()
    {
        var reply = await TryPlanAsync();
        Assert.True(reply.OutcomeCase is PlanReply.OutcomeOneofCase.Planned, reply.ToString());
        return reply.Planned;
    }

    /// <summary>Applies the last plan.</summary>
    /// <param name="epoch">The epoch; null: the one that was raised last, raised now if none was.</param>
    public async Task<Outcome> ApplyAsync(long? epoch = null) =>
        await _client.ApplyAsync(new ApplyRequest { Call = await WritingAsync(epoch), LedgerKey = LedgerKey }, cancellationToken: Token);

    /// <summary>Reverts the last plan, as an attempt of its own.</summary>
    /// <param name="epoch">The epoch; null: the one that was raised last, raised now if none was.</param>
    public async Task<Outcome> RevertAsync(long? epoch = null)
    {
        _attempt++;
        return await _client.RevertAsync(new RevertRequest { Call = await WritingAsync(epoch), LedgerKey = LedgerKey }, cancellationToken: Token);
    }

    /// <summary>Asks until the answer is no wait.</summary>
    public async Task<Outcome> VerifyAsync(Side side, IEnumerable<string>? handles = null)
    {
        var made = call.Clone();
        made.Attempt = _attempt;
        var request = new VerifyRequest { Call = made, LedgerKey = LedgerKey, Side = side, Handles = { handles ?? [] } };
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var outcome = await _client.VerifyAsync(request, cancellationToken: Token);
            if (outcome.OutcomeCase is not Outcome.OutcomeOneofCase.Wait || TimeProvider.System.GetElapsedTime(until) > Patience)
            {
                return outcome;
            }

            await Task.Delay(Pause, TimeProvider.System, Token);
        }
    }

    /// <summary>Asks until it waits for a certain reason, or for nothing.</summary>
    public async Task<Outcome> VerifyOnceAsync(Side side, Func<string, bool> isWanted)
    {
        var made = call.Clone();
        made.Attempt = _attempt;
        var request = new VerifyRequest { Call = made, LedgerKey = LedgerKey, Side = side };
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var outcome = await _client.VerifyAsync(request, cancellationToken: Token);
            if (outcome.OutcomeCase is not Outcome.OutcomeOneofCase.Wait || isWanted(outcome.Wait.Reason) || TimeProvider.System.GetElapsedTime(until) > Patience)
            {
                return outcome;
            }

            await Task.Delay(Pause, TimeProvider.System, Token);
        }
    }

    /// <summary>Plans, applies and verifies; anything but success fails the test.</summary>
    public async Task<Plan> BringAboutAsync()
    {
        var plan = await PlanAsync();
        if (plan.Changes.Count > 0)
        {
            var applied = await ApplyAsync();
            Assert.True(applied.OutcomeCase is Outcome.OutcomeOneofCase.Done or Outcome.OutcomeOneofCase.Pending, applied.ToString());
            var verified = await VerifyAsync(Side.After, applied.Pending?.Handles);
            Assert.True(verified.OutcomeCase is Outcome.OutcomeOneofCase.Done, verified.ToString());
        }

        return plan;
    }

    /// <summary>
    /// Has the operation that it begins go on without end, and an undo come meanwhile: it must wait. Cancels the operation then, and reverts.
    /// </summary>
    /// <param name="api">The API whose operation it is.</param>
    /// <returns>What was left.</returns>
    public async Task<IReadOnlyList<Residue>> PutBackWhileUnderWayAsync(string api)
    {
        service.Sandbox.Order(FaultPlan.Read($"faults:\n- {{ name: slow, match: {{ api: {api} }}, times: 1, operation: {{ end: never }} }}", "plan"));
        await PlanAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Pending, (await ApplyAsync()).OutcomeCase);
        await RaiseEpochAsync("undo");
        var early = await RevertAsync();
        Assert.True(early.OutcomeCase is Outcome.OutcomeOneofCase.Wait, early.ToString());
        service.Sandbox.Cancel("slow");
        return await PutBackAsync();
    }

    /// <summary>Reverts until a revert finds nothing more to do, as the orchestrator does.</summary>
    /// <returns>What was left.</returns>
    public async Task<IReadOnlyList<Residue>> PutBackAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
        {
            var reverted = await RevertAsync();
            if (reverted.OutcomeCase is Outcome.OutcomeOneofCase.Done)
            {
                return reverted.Done.Residue;
            }

            // A conflict has it compared again.
            Assert.True(
                reverted.OutcomeCase is Outcome.OutcomeOneofCase.Pending or Outcome.OutcomeOneofCase.Wait or Outcome.OutcomeOneofCase.Conflict,
                reverted.ToString());
            await VerifyAsync(Side.Before, reverted.Pending?.Handles);
            await Task.Delay(Pause, TimeProvider.System, Token);
        }

        throw new InvalidOperationException($"After {Patience.TotalSeconds:0} s there is still something to put back.");
    }

    private async Task<Call> WritingAsync(long? epoch)
    {
        if (epoch is null && Epoch == 0)
        {
            await RaiseEpochAsync("install");
        }

        var made = call.Clone();
        made.Attempt = _attempt;
        made.Epoch = epoch ?? Epoch;
        return made;
    }
}
