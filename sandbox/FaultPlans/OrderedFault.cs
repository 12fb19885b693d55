using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>A fault on order, and whom it met. Used under the lock of <see cref="Faults"/>.</summary>
internal sealed class OrderedFault(PlannedFault fault, DateTimeOffset since)
{
    private readonly TaskCompletionSource _withdrawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);
    private readonly QuotaBuckets? _buckets = fault.Act is Quota quota ? new QuotaBuckets(quota) : null;
    private int _fitting;
    private int _taken;

    public PlannedFault Fault => fault;

    public DateTimeOffset Since => since;

    /// <summary>Whether it is part of a plan.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>Where calls hang, if it makes them hang.</summary>
    public Holds.Hold Hold { get; } = new(new HoldSpec(fault.Match, fault.Act is Hang hang ? hang.Point : HoldPoint.BeforeEffect));

    /// <summary>Ends when it is taken back.</summary>
    public Task Withdrawn => _withdrawn.Task;

    /// <summary>Whether it is about a call.</summary>
    public bool Fits(ApiCall call) => fault.At is null
        && fault.Act is not (OperationFails or OperationLate or PodsUnready or Propagation)
        && (fault.Act is not ExpireToken || call.Principal.Length > 0)
        && (fault.Act is not OtherWriter || call.Kind is CallKind.Write)
        && (fault.Act is not Stale || call.Kind is CallKind.Read)
        && fault.Match.Fits(call);

    /// <summary>Whether it is about the end of what a call began.</summary>
    public bool FitsBeginning(ApiCall end) => fault.Act is OperationFails or OperationLate && fault.Match.FitsBeginning(end);

    /// <summary>Counts a call that it is about.</summary>
    /// <returns>Whether it meets it.</returns>
    public bool Counts(ApiCall call, int seed)
    {
        if (++_fitting <= fault.After || _taken >= fault.Times)
        {
            return false;
        }

        var key = $"{call.Method}\n{call.Began}\n{call.Resource}";
        var number = _met[key] = _met.GetValueOrDefault(key) + 1;
        if (!IsDrawn(seed, key, number.ToString(CultureInfo.InvariantCulture), ""))
        {
            return false;
        }

        _taken++;
        return true;
    }

    /// <summary>Whether chance lets it meet something.</summary>
    public bool IsDrawn(int seed, string what, string more, string most) =>
        fault.Chance >= 1 || Draws.Share(seed, fault.Name, what, more, most) < fault.Chance;

    /// <summary>What else chance decides about a call that was counted.</summary>
    public double Draw(int seed, ApiCall call, string what)
    {
        var key = $"{call.Method}\n{call.Began}\n{call.Resource}";
        return Draws.Share(seed, fault.Name, key, _met.GetValueOrDefault(key).ToString(CultureInfo.InvariantCulture), what);
    }

    /// <summary>Whether a call is within the quota that it is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="running">How many operations of an API run in a project.</param>
    /// <param name="fate">What is to be done when it ends goes here.</param>
    public bool IsWithin(ApiCall call, DateTimeOffset now, Func<string, string, int> running, CallFate fate)
    {
        if (fault.Act is not Quota quota || _buckets is null || (quota.Tier.Length > 0 && quota.Tier != call.Signer.Tier))
        {
            return true;
        }

        if (quota.Limit.Streams > 0 && call.IsStream)
        {
            if (_buckets.Open(call) is not { } close)
            {
                return false;
            }

            fate.Closing.Add(close);
        }

        var isRoom = quota.Limit.Running == 0 || running(call.Api, QuotaBuckets.ProjectOf(call)) < quota.Limit.Running;
        return isRoom && (quota.Limit.Calls == 0 || _buckets.Take(call, now));
    }

    /// <summary>Notes that it met something that is no call.</summary>
    public T Taken<T>(T what)
    {
        _taken++;
        return what;
    }

    public FaultView Show() => new(fault.Name, fault.Act.GetType().Name, fault.Match, _fitting, _taken);

    public void Withdraw()
    {
        Hold.Release(HoldAction.Proceed);
        _withdrawn.TrySetResult();
    }
}

/// <summary>A fault on order, to be looked at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Match">To which calls.</param>
/// <param name="Seen">How many such calls came.</param>
/// <param name="Met">How many of them it met.</param>
public sealed record FaultView(string Name, string Kind, CallMatch Match, int Seen, int Met);
