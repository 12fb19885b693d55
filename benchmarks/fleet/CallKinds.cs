using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>Which calls a rollout makes.</summary>
internal static class CallKinds
{
    /// <summary>Whether a call went to a cluster's own API server, which no quota of Google's counts.</summary>
    public static bool IsToCluster(this JournalEntry call) => call.Api == "kubernetes";

    public static void Show(IReadOnlyList<JournalEntry> calls, int clusters)
    {
        Console.WriteLine();
        Console.WriteLine("calls   per cluster  which");
        var kinds = calls.GroupBy(call => $"{call.Api} {call.Method} {call.Status}", StringComparer.Ordinal);
        foreach (var kind in kinds.OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var count = kind.Count();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7} {count / (double)clusters,8:0.00}     {kind.Key}"));
        }
    }
}
