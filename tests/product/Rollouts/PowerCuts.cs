using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Kills the product at calls to the sandbox, one after another, and starts it again each time.</summary>
internal sealed class PowerCuts
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ProductUnderTest _product;
    private readonly Queue<PowerCut> _left;
    private readonly ITestOutputHelper _output;
    private string? _armed;

    public PowerCuts(ProductUnderTest product, IEnumerable<PowerCut> cuts, ITestOutputHelper output)
    {
        (_product, _left, _output) = (product, new Queue<PowerCut>(cuts), output);
        Arm();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Cuts the power until a rollout has ended; what is left then comes later.</summary>
    public async Task UntilEndedAsync(string id)
    {
        while (_armed is { } armed && await IsReachedAsync(_product.Sandbox.ReachedAsync(armed), id))
        {
            await CutAsync(armed, _left.Dequeue());
            Arm();
        }
    }

    private async Task CutAsync(string armed, PowerCut cut)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cut}, behind call {_product.Sandbox.Journal().Count} of the journal"));
        if (cut.LateBy is { } late)
        {
            _product.Sandbox.Release(armed, HoldAction.Proceed);
            await Task.Delay(TimeSpan.FromMilliseconds(late), TimeProvider.System, Token);
            await _product.KillAsync();
        }
        else
        {
            await _product.KillAsync();
            _product.Sandbox.Release(armed, cut.Then);
        }

        await _product.RestartAsync();
    }

    private void Arm() =>
        _armed = _left.TryPeek(out var cut) ? _product.Sandbox.Hold(new HoldSpec(new CallMatch(), cut.Point, cut.After)) : null;

    private async Task<bool> IsReachedAsync(Task reached, string id)
    {
        using var client = _product.Client();
        while (!reached.IsCompleted)
        {
            if ((await client.ReadAsync(id, Token)).Rollout.HasEnded)
            {
                return false;
            }

            await Task.WhenAny(reached, Task.Delay(Pause, TimeProvider.System, Token));
        }

        return true;
    }
}

/// <summary>One kill.</summary>
/// <param name="After">How many calls are let pass before the one that it meets.</param>
/// <param name="Point">Where in that call.</param>
/// <param name="Then">What becomes of the call.</param>
/// <param name="LateBy">So many milliseconds after the call was let go; null: while it is held.</param>
internal sealed record PowerCut(int After, HoldPoint Point, HoldAction Then, int? LateBy)
{
    public static PowerCut Throw(Random random, int after) => new(
        after,
        Enum.GetValues<HoldPoint>()[random.Next(3)],
        random.Next(2) == 0 ? HoldAction.Proceed : HoldAction.Drop,
        random.Next(4) == 0 ? random.Next(60) : null);
}
