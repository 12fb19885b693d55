using System.Collections.Concurrent;
using System.Diagnostics;
using Dapr.Workflow;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>One trace joins the client, the turns, the activities and the children; with spans where somebody listens.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-traces-").FullName;
    private readonly ConcurrentBag<(string Where, ActivityTraceId? Trace)> _seen = [];

    private static bool IsOurWorker { get; } = typeof(DaprWorkflowClient).Assembly.GetName().Name?.StartsWith("MeshWorkflow", StringComparison.Ordinal) is true;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trace_OfAClient_ReachesEverythingThatFollows(bool isListenedTo)
    {
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = Path.Combine(_folder, "state.db"), Apps = [new SidecarApp { Id = "traced" }] },
            TestContext.Current.CancellationToken);
        using var worker = await StartWorkerAsync(sidecar.Apps["traced"].GrpcAddress);
        var client = worker.Services.GetRequiredService<DaprWorkflowClient>();
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => isListenedTo && source.Name is "Dapr.Workflow" or "MeshWorkflow.Sidecar",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        ActivityTraceId trace;
        using (var request = new Activity("client").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            trace = request.TraceId;
            await client.ScheduleNewWorkflowAsync("Parent", "parent", "x");
        }

        var state = await client.WaitForWorkflowCompletionAsync("parent", cancellation: TestContext.Current.CancellationToken);
        await worker.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(WorkflowRuntimeStatus.Completed, state.RuntimeStatus);
        string[] wanted = IsOurWorker ? ["activity", "child's activity", "turn"] : ["activity", "child's activity"];
        Assert.Equal(wanted, _seen.Select(seen => seen.Where).Intersect(wanted).Order());
        Assert.All(_seen.Where(seen => wanted.Contains(seen.Where)), seen => Assert.Equal(trace, seen.Trace));
        if (isListenedTo)
        {
            CheckSpans([.. spans.Where(span => span.TraceId == trace)]);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The activity's run hangs on the sidecar's span of it, that on its turn, that on the start.
    private static void CheckSpans(IReadOnlyList<Activity> spans)
    {
        string[] sidecars = ["create_orchestration||Parent", "orchestration||Parent", "orchestration||Child", "activity||Traced", "timer"];
        Assert.Empty(sidecars.Except(spans.Select(span => span.OperationName)));
        var byId = spans.ToDictionary(span => span.SpanId);
        var activity = spans.First(span => span.OperationName == "activity||Traced");
        var turn = byId[activity.ParentSpanId];
        Assert.StartsWith("orchestration||", turn.OperationName, StringComparison.Ordinal);
        Assert.Contains(spans, span => span.Source.Name == "Dapr.Workflow" && span.ParentSpanId == activity.SpanId);
    }

    private async Task<IHost> StartWorkerAsync(Uri address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DAPR_GRPC_ENDPOINT"] = address.ToString() });
        builder.Services.AddDaprWorkflow(options =>
        {
            options.RegisterActivity<string, string>("Traced", (_, where) =>
            {
                _seen.Add((where, Activity.Current?.TraceId));
                return Task.FromResult(where);
            });
            options.RegisterWorkflow<string, string>("Child", (context, _) => context.CallActivityAsync<string>("Traced", "child's activity"));
            options.RegisterWorkflow<string, string>("Parent", async (context, _) =>
            {
                _seen.Add(("turn", Activity.Current?.TraceId));
                await context.CallActivityAsync<string>("Traced", "activity");
                await context.CreateTimer(TimeSpan.FromMilliseconds(1));
                return await context.CallChildWorkflowAsync<string>("Child", "x", new ChildWorkflowTaskOptions("child"));
            });
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
