using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Cli.Live;

/// <summary>Where a rollout stands, kept up to date by what happens in it.</summary>
internal sealed class LiveRollout
{
    private readonly Dictionary<string, StageDocument> _stages = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Dictionary<string, LiveScope> _scopes = new(StringComparer.Ordinal);

    public RolloutDocument? Rollout { get; private set; }

    /// <summary>Why the API does not answer; null: it does.</summary>
    public string? Lost { get; private set; }

    public IEnumerable<StageDocument> Stages => _order.Select(name => _stages[name]);

    /// <summary>What has begun, in the order of its beginning.</summary>
    public IEnumerable<LiveScope> Scopes => _scopes.Values;

    /// <summary>How many clusters nothing has happened on yet.</summary>
    public int Waiting => (Rollout?.Clusters.Count ?? 0) - _scopes.Keys.Count(scope => scope.StartsWith("cluster/", StringComparison.Ordinal));

    public void Take(Happening happening)
    {
        Lost = (happening as Happening.Lost)?.Why;
        switch (happening)
        {
            case Happening.Rollout rollout:
                Rollout = rollout.Document;
                break;
            case Happening.Stage stage:
                if (!_stages.ContainsKey(stage.Document.Name))
                {
                    _order.Add(stage.Document.Name);
                }

                _stages[stage.Document.Name] = stage.Document;
                break;
            case Happening.Step step:
                _scopes[step.Event.Scope] = _scopes.GetValueOrDefault(step.Event.Scope, new LiveScope(step.Event.Name)).After(step.Event);
                break;
            default:
                break;
        }
    }
}

/// <summary>Where a cluster stands, or what clusters share.</summary>
/// <param name="Name">What people call it.</param>
internal sealed record LiveScope(string Name)
{
    public ClusterState State { get; init; } = ClusterState.Running;

    /// <summary>How many steps have come to their end.</summary>
    public int Done { get; init; }

    /// <summary>The step that it is at; null: at none.</summary>
    public string? Step { get; init; }

    public string? Phase { get; init; }

    public string? Outcome { get; init; }

    /// <summary>Why it waits, or did not succeed.</summary>
    public string? Message { get; init; }

    public bool IsHealthy => State is ClusterState.Succeeded;

    public LiveScope After(RolloutEvent happened)
    {
        if (happened.Step is null)
        {
            return Enum.TryParse<ClusterState>(happened.Outcome, out var state)
                ? this with { State = state, Step = null, Phase = null, Outcome = null, Message = happened.Message ?? Message }
                : this with { Message = happened.Message ?? Message };
        }

        var isDone = happened is { Outcome: "Done", Phase: nameof(Workflows.Steps.StepPhase.Verify) };
        return this with
        {
            Step = happened.Step,
            Phase = happened.Phase,
            Outcome = happened.Outcome,
            Message = happened.Message,
            Done = isDone ? Done + 1 : Done,
        };
    }
}
