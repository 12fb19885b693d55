using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>The calls that have not ended, by sequence number, and the ends that came before their calls.</summary>
internal sealed class OpenTasks
{
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly Dictionary<int, int> _aliases = [];
    private readonly Dictionary<int, Ending> _early = [];

    /// <summary>Whether the end of any call could still wake the code.</summary>
    public bool AnyWakes => _open.Values.Any(task => task.Wakes);

    /// <summary>Set when a call turned out to have ended as another kind of call before it was made.</summary>
    public NonDeterminismException? Mismatch { get; private set; }

    /// <summary>Adds a call; one that has ended already ends at once.</summary>
    /// <returns>Whether it is still open.</returns>
    public bool Add(int id, OpenTask task)
    {
        if (_early.Remove(id, out var ending))
        {
            if (ending.Kind == task.Kind)
            {
                ending.Apply(task);
            }
            else
            {
                // Not thrown here: the code, which makes the call, could catch it.
                Mismatch ??= Differs(id, ending.Kind, task.Kind);
            }

            return false;
        }

        _open.Add(id, task);
        return true;
    }

    /// <summary>Says that the history knows this call under another number than the code.</summary>
    public void Alias(int historyId, int ownId)
    {
        if (historyId != ownId)
        {
            _aliases[historyId] = ownId;
        }
    }

    public void Succeed(int id, Kind kind, string? result) => End(id, new Ending(kind, Succeeded: true, result, Failure: null));

    public void Fail(int id, Kind kind, TaskFailureDetails? failure) =>
        End(id, new Ending(kind, Succeeded: false, Result: null, failure));

    /// <summary>Moves every call behind a dropped timer one number down.</summary>
    public void Drop(int id)
    {
        _open.Remove(id);
        foreach (var later in _open.Where(pair => pair.Key > id).OrderBy(pair => pair.Key).ToList())
        {
            _open.Remove(later.Key);
            _open.Add(later.Key - 1, later.Value);
        }
    }

    private void End(int id, Ending ending)
    {
        var own = _aliases.GetValueOrDefault(id, id);
        if (!_open.TryGetValue(own, out var task))
        {
            // The first end of a call counts; a second delivery of it changes nothing.
            _early.TryAdd(own, ending);
            return;
        }

        if (task.Kind != ending.Kind)
        {
            throw Differs(id, ending.Kind, task.Kind);
        }

        _open.Remove(own);
        _early.TryAdd(own, ending);
        ending.Apply(task);
    }

    private static NonDeterminismException Differs(int id, Kind history, Kind code) =>
        new($"The history ends {ActionKind.Word(history)} number {id}, but the code made that call as {ActionKind.Word(code)}.");

    private sealed record Ending(Kind Kind, bool Succeeded, string? Result, TaskFailureDetails? Failure)
    {
        public void Apply(OpenTask task)
        {
            if (Succeeded)
            {
                task.Succeed(Result);
            }
            else
            {
                task.Fail(Failure);
            }
        }
    }
}
