using System.Globalization;
using MeshWorkflow.Tests.Simulator.Drawing;
using MeshWorkflow.Tests.Simulator.Properties;
using MeshWorkflow.Tests.Simulator.Running;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Simulator;

/// <summary>
/// Random worlds, requests, faults and kills through the real product over real sockets; whatever happens, what the product promises
/// stays true. MESHWF_TEST_SIMULATIONS says how many seeds (default: a few), MESHWF_TEST_SEED with which to begin.
/// </summary>
public sealed class SimulationTests
{
    // Quick ones, and different: restarts, a cancel, a refusal for good, a kill. No other begins once the time is nearly over.
    private static readonly int[] Gate = [57, 54, 31, 60];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Run_AnySeed_KeepsWhatIsPromised()
    {
        var packages = Directory.CreateTempSubdirectory("meshwf-packages-").FullName;
        var broken = new List<string>();
        var (begun, isLong) = (TimeProvider.System.GetTimestamp(), Number("MESHWF_TEST_SIMULATIONS") is not null || Number("MESHWF_TEST_SEED") is not null);
        foreach (var seed in Seeds())
        {
            if (!isLong && TimeProvider.System.GetElapsedTime(begun) > Longest)
            {
                break;
            }

            broken.AddRange(await RunAsync(seed, packages));
        }

        Directory.Delete(packages, recursive: true);
        Assert.True(broken.Count == 0, string.Join("\n\n", broken));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(int seed, string packages)
    {
        var scenario = Scenario.Draw(seed);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            await using var run = await Simulation.RunAsync(scenario, packages);
            var evidence = run.Evidence;
            var found = await Tenets.BrokenAsync(evidence);
            Tell($"seed {seed}: {evidence.Installed?.Rollout.State} {(scenario.IsRolledBack ? evidence.Ended?.Rollout.State : "kept")}; {evidence.Journal.Count(entry => entry.Effects.Count > 0)} writes, {run.FaultsMet} faults, {run.Killed} kills ({run.Restarting.TotalSeconds:0.0} s), {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s, {found.Count} broken; {Reasons(evidence)}");
            return found.Count == 0 ? [] : [Told(Report(scenario, string.Join("\n  ", found), evidence))];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return [Told(Report(scenario, exception.ToString(), null))];
        }
    }

    private static string Reasons(Evidence run) => string.Join(", ", (run.Installed?.Clusters.Concat(run.Installed.Scopes) ?? [])
        .Where(scope => scope.Reason is not (null or "BUDGET_EXHAUSTED" or "ROLLED_BACK"))
        .Select(scope => $"{scope.Name} {scope.Reason} {scope.Message?[..Math.Min(scope.Message.Length, 120)]}")
        .Concat(run.Ended?.Rollout.State is RolloutState.CompensationIncomplete
            ? run.Ended.Clusters.Concat(run.Ended.Scopes).Where(scope => scope.State is ClusterState.CompensationIncomplete).Select(scope => $"left of {scope.Name}: {scope.Reason} {string.Join("; ", scope.Residue)}")
            : []));

    private static string Report(Scenario scenario, string found, Evidence? run) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Seed {scenario.Seed} breaks what is promised:
          {found}
        Repeat it: MESHWF_TEST_SEED={scenario.Seed} dotnet run --project tests/simulator
        {scenario}
        {string.Join('\n', run?.Installed?.Clusters.Concat(run.Installed.Scopes).Concat(run.Ended?.Clusters ?? []).Select(scope => $"{scope.Name}: {scope.State} {scope.Reason} {scope.Message}\n    {string.Join("\n    ", scope.Residue)}") ?? [])}
        """);

    private static IEnumerable<int> Seeds()
    {
        if (Number("MESHWF_TEST_SEED") is { } first)
        {
            return Enumerable.Range(first, Number("MESHWF_TEST_SIMULATIONS") ?? 1);
        }

        var fresh = Random.Shared.Next(10_000, int.MaxValue);
        return Number("MESHWF_TEST_SIMULATIONS") is { } many ? Enumerable.Range(fresh, many) : [.. Gate, fresh];
    }

    // A long run tells at once what it has found.
    private static string Told(string report)
    {
        Tell(report);
        return report;
    }

    private static void Tell(string line)
    {
        TestContext.Current.SendDiagnosticMessage(line);
        if (Environment.GetEnvironmentVariable("MESHWF_TEST_LOG") is { Length: > 0 } file)
        {
            File.AppendAllText(file, $"{line}\n");
        }
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
