using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>What the workflows above a cluster call.</summary>
internal sealed class RolloutCalls(WorkflowContext context, RolloutRun run, Timing timing)
{
    // Bookkeeping has no patience of its own: without it nothing can go on.
    private static readonly DateTime Never = DateTime.MaxValue;

    private readonly TimedCalls _calls = new(context, timing);

    public Task<T> AskAsync<T>(string activity, object input) => _calls.CallAsync<T>(activity, input, CallKind.Reading, Never);

    public Task<RolloutState> RecordAsync(RolloutState state, int rollback = 0) => AskAsync<RolloutState>(nameof(RecordRollout), new RolloutRecord(run, state, rollback));

    public Task<ControlState> ControlAsync(string? stage = null) => AskAsync<ControlState>(nameof(ReadControl), new ControlInput(run, stage));

    /// <summary>Waits while the rollout is paused.</summary>
    /// <returns>Whether it goes on; else it is cancelled.</returns>
    public async Task<bool> GoesOnAsync() => await _calls.GoesOnAsync(run, (await ControlAsync()).Wish) is not Wish.Cancel;

    public Task<T> RunAsync<T>(string workflow, object input, string id) =>
        context.CallChildWorkflowAsync<T>(workflow, input, new ChildWorkflowTaskOptions(id));

    /// <summary>Runs a scope's workflow. A fault of ours in it ends that scope, not the others.</summary>
    public async Task<ScopeVerdict> RunScopeAsync(string workflow, object input, string id, StepScope scope, int number)
    {
        try
        {
            return await RunAsync<ScopeVerdict>(workflow, input, id);
        }
        catch (WorkflowTaskFailedException exception)
        {
            return await EndAsync(scope, number, ClusterState.Failed, "INTERNAL", $"{id} failed: {exception.FailureDetails.ErrorMessage}");
        }
    }

    /// <summary>Ends a scope that no workflow of its own ends.</summary>
    public async Task<ScopeVerdict> EndAsync(StepScope scope, int number, ClusterState state, string reason, string message)
    {
        var record = new ScopeRecord(run, scope, UndoNumber.LastCall(number), state, reason, message);
        await AskAsync<bool>(nameof(RecordScope), record);
        return new ScopeVerdict(state, reason);
    }
}

/// <summary>Runs things of which so many may be under way at once, and counts how they end.</summary>
internal sealed class Lane(int width, Func<Tally, ScopeVerdict, Tally> count)
{
    private readonly List<Task<ScopeVerdict>> _running = [];

    /// <summary>How those that have ended did.</summary>
    public Tally Tally { get; private set; } = new();

    /// <summary>Waits until one more may begin; afterwards the tally has all that have ended.</summary>
    public async Task RoomAsync()
    {
        while (_running.Count >= width)
        {
            await Task.WhenAny(_running);
            await CountAsync();
        }

        await CountAsync();
    }

    public void Add(Task<ScopeVerdict> begun) => _running.Add(begun);

    public void Add(ScopeVerdict verdict, Func<Tally, ScopeVerdict, Tally> how) => Tally = how(Tally, verdict);

    public async Task<Tally> AllAsync()
    {
        await Task.WhenAll(_running);
        await CountAsync();
        return Tally;
    }

    private async Task CountAsync()
    {
        foreach (var ended in _running.Where(task => task.IsCompleted).ToList())
        {
            _running.Remove(ended);
            Tally = count(Tally, await ended);
        }
    }
}
