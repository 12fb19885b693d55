using System.Globalization;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>
/// Sidecars and workers are killed at random under a mixed load. MESHWF_TEST_KILLS says how often (default 20), MESHWF_TEST_SEED
/// repeats a run's dice.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private static readonly (string Name, int Input, string Output)[] Kinds =
    [
        ("Chain", 4, "4"), ("FanOut", 5, "15"), ("Sleepy", 3, "3"), ("Family", 3, "6"), ("Generations", 3, "1"), ("Listener", 3, "6"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-crash-").FullName;

    private string StateFile => Path.Combine(_folder, "state.db");

    private string Journal => Path.Combine(_folder, "journal");

    [Fact]
    public async Task Kills_UnderAMixedLoad_LoseAndDoubleNothing()
    {
        var random = Dice();
        var port = Victim.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        using var client = new PatientClient(address);
        var sidecar = await Victim.SidecarAsync(StateFile, port);
        Victim? worker = null;
        try
        {
            worker = await Victim.WorkerAsync(address, Journal);
            var load = new Load(client);
            var lanes = Enumerable.Range(0, 12).Select(lane => load.RunAsync(lane, Kinds[lane % Kinds.Length])).ToList();
            for (var kill = 0; kill < Kills(); kill++)
            {
                // Something must get done between two kills, or nothing ever would.
                await load.ProgressAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200)), TimeProvider.System, TestContext.Current.CancellationToken);
                if (random.Next(3) > 0)
                {
                    sidecar.Dispose();
                    sidecar = await Victim.SidecarAsync(StateFile, port);
                }
                else
                {
                    worker.Dispose();
                    worker = await Victim.WorkerAsync(address, Journal);
                }
            }

            load.Finish();
            await Task.WhenAll(lanes);
            output.WriteLine($"{load.Ended.Count} workflows ended");
            await CheckAsync(client, load.Ended);
        }
        finally
        {
            worker?.Dispose();
            sidecar.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Kills() =>
        int.TryParse(Environment.GetEnvironmentVariable("MESHWF_TEST_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 20;

    private Random Dice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MESHWF_TEST_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    // Every workflow has its right result; every activity ended exactly once in the history, and what ended was really done.
    private async Task CheckAsync(PatientClient client, IEnumerable<(string Id, string Expected, WorkflowState State)> ended)
    {
        var done = (await File.ReadAllLinesAsync(Journal, TestContext.Current.CancellationToken)).ToHashSet();
        foreach (var (id, expected, state) in ended)
        {
            Assert.Equal((id, OrchestrationStatus.Completed, expected), (id, state.WorkflowStatus, state.Output));
            var history = await client.HistoryAsync(id);
            var scheduled = history.Where(e => e.TaskScheduled is not null).ToDictionary(e => e.EventId, e => e.TaskScheduled.TaskExecutionId);
            var completed = history.Where(e => e.TaskCompleted is not null).ToDictionary(e => e.TaskCompleted.TaskScheduledId);
            Assert.Equal(scheduled.Keys.Order(), completed.Keys.Order());
            Assert.All(scheduled.Values, key => Assert.Contains($"{id} {key}", done));
            Assert.Single(history, e => e.ExecutionCompleted is not null);
        }
    }

    private sealed class Load(PatientClient client)
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isFinishing;

        public List<(string Id, string Expected, WorkflowState State)> Ended { get; } = [];

        public void Finish() => Volatile.Write(ref _isFinishing, true);

        public Task ProgressAsync()
        {
            lock (_gate)
            {
                _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _progress.Task.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        public async Task RunAsync(int lane, (string Name, int Input, string Output) kind)
        {
            for (var i = 0; !Volatile.Read(ref _isFinishing); i++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{kind.Name}-{lane}-{i}");
                await client.StartAsync(id, kind.Name, kind.Input);
                for (var e = 0; kind.Name is "Listener" && e < kind.Input; e++)
                {
                    await client.RaiseAsync(id, string.Create(CultureInfo.InvariantCulture, $"e{e}"), e + 1);
                }

                var state = await client.EndAsync(id);
                lock (_gate)
                {
                    Ended.Add((id, kind.Output, state));
                    _progress.TrySetResult();
                }
            }
        }
    }
}
