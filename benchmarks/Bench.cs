using Dapr.Workflow;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Benchmarks;

/// <summary>What is measured: a sidecar, given or an embedded one, and a worker on it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-bench-").FullName;
    private readonly CommitMeter _commits = new();
    private SidecarHost? _embedded;
    private IHost? _worker;

    public string StateFile => Path.Combine(_folder, "state.db");

    public DaprWorkflowClient Client => (_worker ?? throw new InvalidOperationException("It is stopped."))
        .Services.GetRequiredService<DaprWorkflowClient>();

    /// <summary>Starts a worker on the sidecar at an address; without one, on an embedded sidecar with a new state file.</summary>
    public static async Task<Bench> StartAsync(Uri? address, CancellationToken cancellationToken, WorkflowRetention? retention = null)
    {
        var bench = new Bench();
        await bench.StartWorkerAsync(address ?? await bench.StartSidecarAsync(cancellationToken, retention));
        return bench;
    }

    public async Task StartWorkerAsync(Uri address) => _worker = await WorkerCommand.StartAsync(address, new Workload(null));

    public async Task<Uri> StartSidecarAsync(
        CancellationToken cancellationToken,
        WorkflowRetention? retention = null,
        ActivityDispatch dispatch = ActivityDispatch.AfterCommit)
    {
        _embedded = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = StateFile,
                Apps = [new SidecarApp { Id = "bench" }],
                Retention = retention ?? WorkflowRetention.Forever,
                ActivityDispatch = dispatch,
            },
            cancellationToken);
        return _embedded.Apps["bench"].GrpcAddress;
    }

    public void PrintCommits() => _commits.Print();

    public async Task StopAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync();
            _worker.Dispose();
            _worker = null;
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
            _embedded = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _commits.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
