using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Lets faults happen that are more than an answer: to the calls that they meet, and by themselves.</summary>
internal sealed class FaultRoom : IDisposable
{
    private readonly Faults _faults;
    private readonly Outages _outages;
    private readonly OtherHands _hands;
    private readonly StaleAnswers _stale;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _clusters;

    /// <param name="faults">The faults on order.</param>
    /// <param name="outages">Which clusters have vanished.</param>
    /// <param name="hands">Those who change the world.</param>
    /// <param name="clusters">The relative name of a cluster that is named in either way; null: there is none.</param>
    /// <param name="time">The clock.</param>
    public FaultRoom(Faults faults, Outages outages, OtherHands hands, Func<string, string?> clusters, TimeProvider time)
    {
        (_faults, _outages, _hands, _clusters, _time) = (faults, outages, hands, clusters, time);
        _stale = new StaleAnswers(time);
        faults.Begun += Begin;
    }

    public void Dispose()
    {
        _faults.Begun -= Begin;
        _faults.CancelAll();
    }

    /// <summary>What is before a call's effect: waiting, and what others do.</summary>
    /// <returns>False: the call ends here, unanswered.</returns>
    public async Task<bool> BeforeAsync(CallFate fate)
    {
        if (fate.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fate.Delay, _time, CancellationToken.None);
        }

        fate.Vanishing.ForEach(VanishFor);
        return await HangAsync(fate, HoldPoint.BeforeEffect) && !fate.BreaksBefore;
    }

    /// <summary>What others do right before a call. To be called under the world's gate, as what comes next.</summary>
    public void OthersBefore(CallFate fate, IApiSite site, ApiCall call, ApiRequest request)
    {
        fate.EditsBefore.ForEach(_hands.Do);
        if (fate.OtherWriter)
        {
            _hands.WriteBefore(site, call, request);
        }
    }

    /// <summary>What becomes of an answer, and what others do then.</summary>
    public Answer After(CallFate fate, ApiCall call, ApiRequest request, Answer answer)
    {
        fate.EditsAfter.ForEach(_hands.Do);
        var shown = fate.Lag > TimeSpan.Zero ? _stale.Of(request, fate.Lag, answer) : answer;
        return fate.Partial is var (partial, share) ? PartialLists.Shorten(call, shown, partial, share) : shown;
    }

    /// <summary>Lets a call hang where it is to.</summary>
    /// <returns>False: the call ends here, unanswered.</returns>
    public async Task<bool> HangAsync(CallFate fate, HoldPoint point)
    {
        foreach (var (hang, hold) in fate.Hangs.Where(each => each.Hang.Point == point))
        {
            var released = hold.HoldAsync();
            if (hang.For is { } lasting)
            {
                await Task.WhenAny(released, Task.Delay(lasting, _time, CancellationToken.None));
            }

            if ((hang.For is null || released.IsCompleted) && await released is HoldAction.Drop)
            {
                return false;
            }
        }

        return true;
    }

    private void Begin(OrderedFault ordered)
    {
        if (ordered.Fault.At is { } at)
        {
            _ = BeginAsync(ordered, at);
        }
    }

    private async Task BeginAsync(OrderedFault ordered, TimeSpan at)
    {
        if (at > TimeSpan.Zero)
        {
            await Task.WhenAny(Task.Delay(at, _time, CancellationToken.None), ordered.Withdrawn);
        }

        if (ordered.Withdrawn.IsCompleted)
        {
            return;
        }

        switch (ordered.Taken(ordered.Fault.Act))
        {
            case Edit edit:
                _hands.Do(edit);
                break;
            case Vanish:
                VanishFor(ordered);
                break;
        }
    }

    private void VanishFor(OrderedFault ordered)
    {
        if (ordered.Fault.Act is Vanish vanish && _clusters(vanish.Cluster) is { } cluster)
        {
            _outages.Begin(cluster, vanish, ordered);
        }
    }
}
