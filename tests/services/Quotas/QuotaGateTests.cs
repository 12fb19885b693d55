using MeshWorkflow.GoogleCloud.Quotas;

namespace MeshWorkflow.Tests.Services.Quotas;

public sealed class QuotaGateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Fact]
    public void Reserve_PublishedRate_BurstsThenEvenly()
    {
        var gate = new QuotaGate(perMinute: 600);

        var waits = Enumerable.Range(0, 63).Select(_ => gate.Reserve(Start, Longest).Wait).ToList();

        Assert.All(waits.Take(61), wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), waits[61]);
        Assert.Equal(TimeSpan.FromMilliseconds(200), waits[62]);
    }

    [Fact]
    public void Reserve_LongerThanTheCallerWaits_IsNotReserved()
    {
        var gate = new QuotaGate(perMinute: 60);
        while (gate.Reserve(Start, Longest).IsReserved)
        {
        }

        var (wait, isReserved) = gate.Reserve(Start, Longest);

        Assert.False(isReserved);
        Assert.Equal(TimeSpan.FromSeconds(3), wait);
        Assert.True(gate.Reserve(Start + wait, Longest).IsReserved);
    }

    [Fact]
    public void Reserve_UnknownRate_IsFreeUntilRefusedAndSlowAfterwards()
    {
        var gate = new QuotaGate(perMinute: null);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(TimeSpan.Zero, gate.Reserve(Start, Longest).Wait));

        gate.Close(Start, TimeSpan.FromSeconds(30));

        Assert.Equal((TimeSpan.FromSeconds(30), false), gate.Reserve(Start, Longest));
        var reopened = Start + TimeSpan.FromSeconds(30);
        Assert.Equal(TimeSpan.Zero, gate.Reserve(reopened, Longest).Wait);
        Assert.Equal(TimeSpan.FromMilliseconds(50), gate.Reserve(reopened, Longest).Wait);
    }

    [Fact]
    public void Close_AgainAndAgain_PausesLonger()
    {
        var gate = new QuotaGate(perMinute: null);

        gate.Close(Start, retryAfter: null);
        var first = gate.Reserve(Start, TimeSpan.Zero).Wait;
        gate.Close(Start + first, retryAfter: null);
        var second = gate.Reserve(Start + first, TimeSpan.Zero).Wait;

        Assert.Equal(TimeSpan.FromSeconds(2), first);
        Assert.Equal(TimeSpan.FromSeconds(4), second);
    }

    [Fact]
    public void Close_ByAllThatWereUnderWay_PausesOnce()
    {
        var gate = new QuotaGate(perMinute: null);

        for (var i = 0; i < 20; i++)
        {
            gate.Close(Start, retryAfter: null);
        }

        Assert.Equal(TimeSpan.FromSeconds(2), gate.Reserve(Start, TimeSpan.Zero).Wait);
    }

    [Fact]
    public void Reserve_RateThatNobodyTold_IsFoundAfterSomeRefusals()
    {
        var gate = new QuotaGate(perMinute: null);
        var (left, refilled, served, refused) = (3.0, Start, 0, new List<DateTimeOffset>());

        // Three calls a second, and somebody who always has one more.
        for (var now = Start; now < Start + TimeSpan.FromMinutes(1);)
        {
            var (wait, isReserved) = gate.Reserve(now, Longest);
            now += wait;
            if (!isReserved)
            {
                continue;
            }

            (left, refilled) = (Math.Min(3, left + ((now - refilled).TotalSeconds * 3)), now);
            if (left >= 1)
            {
                (left, served) = (left - 1, served + 1);
            }
            else
            {
                refused.Add(now);
                gate.Close(now, retryAfter: null);
            }
        }

        Assert.InRange(refused.Count, 1, 5);
        Assert.True(served > 60, $"{served} in a minute, refused at {string.Join(", ", refused)}");
    }
}
