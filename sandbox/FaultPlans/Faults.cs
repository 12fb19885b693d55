using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>All that is on order to go wrong: by plans, and one by one.</summary>
internal sealed class Faults(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<OrderedFault> _ordered = [];
    private int _seed;
    private int _last;

    /// <summary>Comes when a fault was ordered that happens by itself, or happens now.</summary>
    public event Action<OrderedFault>? Begun;

    /// <summary>How many operations of an API run in a project; the host sets it.</summary>
    public Func<string, string, int> Running { get; set; } = (_, _) => 0;

    /// <summary>Orders a refusal.</summary>
    public string Order(FaultSpec spec)
    {
        lock (_gate)
        {
            var fault = new PlannedFault($"fault-{++_last}", spec.Match, new Refuse(spec)) { Times = spec.Times };
            _ordered.Add(new OrderedFault(fault, time.GetUtcNow()));
            return fault.Name;
        }
    }

    /// <summary>Puts a plan in the place of the last one. What was ordered one by one stays.</summary>
    public void Order(FaultPlan plan)
    {
        List<OrderedFault> begun;
        lock (_gate)
        {
            foreach (var old in _ordered.Where(ordered => ordered.IsPlanned).ToList())
            {
                Withdraw(old);
            }

            _seed = plan.Seed;
            begun = [.. plan.Faults.Select(fault => new OrderedFault(fault, time.GetUtcNow()) { IsPlanned = true })];
            _ordered.AddRange(begun);
        }

        begun.ForEach(ordered => Begun?.Invoke(ordered));
    }

    /// <summary>Takes a fault back.</summary>
    public bool Cancel(string name)
    {
        lock (_gate)
        {
            return _ordered.Find(ordered => ordered.Fault.Name == name) is { } found && Withdraw(found);
        }
    }

    /// <summary>Takes all faults back.</summary>
    public void CancelAll()
    {
        lock (_gate)
        {
            _ordered.ToList().ForEach(ordered => Withdraw(ordered));
        }
    }

    /// <summary>A fault by its name.</summary>
    public OrderedFault? Find(string name)
    {
        lock (_gate)
        {
            return _ordered.Find(ordered => ordered.Fault.Name == name);
        }
    }

    public IReadOnlyList<FaultView> Show()
    {
        lock (_gate)
        {
            return [.. _ordered.Select(ordered => ordered.Show())];
        }
    }

    /// <summary>Decides what becomes of a call. Each meeting counts.</summary>
    public void Meet(ApiCall call, CallFate fate)
    {
        lock (_gate)
        {
            foreach (var ordered in _ordered.Where(ordered => ordered.Fits(call)).TakeWhile(_ => !fate.IsRefused))
            {
                if (ordered.Counts(call, _seed))
                {
                    Add(fate, ordered, call);
                }
            }
        }
    }

    /// <summary>Notes that a call has ended: a stream that it was is open no more.</summary>
    public void End(CallFate fate)
    {
        lock (_gate)
        {
            fate.Closing.ForEach(close => close());
            fate.Closing.Clear();
        }
    }

    /// <summary>What becomes of an operation at its end: the failures and delays that meet it.</summary>
    public OperationFate MeetEnd(ApiCall end)
    {
        var met = new CallFate();
        Meet(end, met);
        lock (_gate)
        {
            var fate = new OperationFate { Failure = met.Refusal };
            foreach (var ordered in _ordered.Where(ordered => ordered.FitsBeginning(end) && ordered.Counts(end, _seed)))
            {
                switch (ordered.Fault.Act)
                {
                    case OperationFails fails:
                        fate.Failure ??= new FaultSpec { Code = fails.Code, Message = fails.Message };
                        break;
                    case OperationLate { By: { } by }:
                        fate.Delay += by;
                        break;
                    case OperationLate:
                        fate.Withdrawn.Add(ordered.Withdrawn);
                        break;
                }
            }

            return fate;
        }
    }

    /// <summary>What keeps a pod from becoming ready; null: no fault does.</summary>
    /// <param name="cluster">The cluster's relative name.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="owner">Whose it is: pods of one owner fare the same.</param>
    public PodsUnready? MeetPod(string cluster, string ns, string name, string owner)
    {
        lock (_gate)
        {
            return _ordered
                .Where(ordered => ordered.Fault.Act is PodsUnready unready
                    && ordered.Fault.Match.IsCluster(cluster)
                    && (unready.Namespace is null || unready.Namespace == ns)
                    && name.StartsWith(unready.Name, StringComparison.Ordinal)
                    && (unready.For is not { } lasting || ordered.Since + lasting > time.GetUtcNow())
                    && ordered.IsDrawn(_seed, cluster, ns, owner))
                .Select(ordered => ordered.Taken((PodsUnready)ordered.Fault.Act))
                .FirstOrDefault();
        }
    }

    /// <summary>How long a role that is granted, or an API that is enabled, in a project takes to be in force.</summary>
    /// <param name="project">The project's id.</param>
    /// <param name="choose">Which of the two.</param>
    public TimeSpan? Lag(string project, Func<Propagation, TimeSpan?> choose)
    {
        lock (_gate)
        {
            return _ordered
                .Where(ordered => ordered.Fault.Act is Propagation && (ordered.Fault.Match.Project ?? project) == project)
                .Select(ordered => choose((Propagation)ordered.Fault.Act))
                .FirstOrDefault(lag => lag is not null);
        }
    }

    private void Add(CallFate fate, OrderedFault ordered, ApiCall call)
    {
        switch (ordered.Fault.Act)
        {
            case Refuse refuse:
                fate.Refusal = refuse.Answer;
                break;
            case Quota quota:
                fate.Refusal = ordered.IsWithin(call, time.GetUtcNow(), Running, fate) ? null : quota.Answer;
                break;
            case Slow slow:
                fate.Delay += slow.Latency.Draw(ordered.Draw(_seed, call, "latency"));
                break;
            case Reset reset:
                (fate.BreaksBefore, fate.BreaksAfter) = (fate.BreaksBefore || !reset.AfterEffect, fate.BreaksAfter || reset.AfterEffect);
                break;
            case Hang hang:
                fate.Hangs.Add((hang, ordered.Hold));
                break;
            case ExpireToken:
                fate.ExpiresToken = true;
                break;
            case Stale stale:
                fate.Lag = stale.Lag;
                break;
            case PartialList partial:
                fate.Partial = (partial, ordered.Draw(_seed, call, "location"));
                break;
            case OtherWriter:
                fate.OtherWriter = true;
                break;
            case Edit edit:
                (edit.IsAfter ? fate.EditsAfter : fate.EditsBefore).Add(edit);
                break;
            case Vanish:
                fate.Vanishing.Add(ordered);
                break;
        }
    }

    private bool Withdraw(OrderedFault ordered)
    {
        ordered.Withdraw();
        return _ordered.Remove(ordered);
    }
}
