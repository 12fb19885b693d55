namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>How long calls take: equally often anything between two bounds, or with a median and a long tail.</summary>
/// <param name="From">The least.</param>
/// <param name="To">The most.</param>
/// <param name="Median">Half of the calls take less; null: it is <paramref name="From"/> to <paramref name="To"/>.</param>
/// <param name="P99">One of a hundred takes longer.</param>
internal sealed record Latency(TimeSpan From, TimeSpan To, TimeSpan? Median = null, TimeSpan P99 = default)
{
    private const double NormalP99 = 2.326;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <param name="share">A number from 0 up to 1.</param>
    public TimeSpan Draw(double share)
    {
        if (Median is not { } median)
        {
            return From + ((To - From) * share);
        }

        // Log-normal: the logarithm's spread is what leads from the median to the 99th percentile.
        var spread = Math.Log(Math.Max(P99 / median, 1)) / NormalP99;
        var factor = Math.Exp(spread * Normal(share));
        return factor < Longest / median ? median * factor : Longest;
    }

    // The quantile of the normal distribution, by bisection of its distribution function.
    private static double Normal(double share)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Below(middle) < share ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    // Abramowitz and Stegun, 26.2.17: exact to seven digits.
    private static double Below(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x >= 0 ? 1 - tail : tail;
    }
}
