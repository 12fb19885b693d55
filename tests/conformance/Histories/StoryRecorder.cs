using Dapr.Workflow;
using Dapr.Workflow.Client;
using Dapr.Workflow.Registration;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Tests.Conformance.Histories;

/// <summary>Lives a story through on an embedded sidecar of its own, and brings back its turns.</summary>
internal static class StoryRecorder
{
    public static async Task<IReadOnlyList<StoredTurn>> RecordAsync(string story)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("meshwf-story-").FullName;
        try
        {
            await using var sidecar = await SidecarHost.StartAsync(
                new SidecarOptions
                {
                    StateFile = Path.Combine(folder, "state.db"),
                    Apps = [new SidecarApp { Id = "stories", ApiToken = "stories-token" }],
                },
                cancellationToken);
            return await RecordAsync(story, sidecar.Apps["stories"].GrpcAddress, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<StoredTurn>> RecordAsync(string story, Uri sidecar, CancellationToken cancellationToken)
    {
        var id = "stored-" + story;
        if (story == "patches")
        {
            // It is under way when the code changes.
            using var old = await StartWorkerAsync(sidecar, StoredWorkflows.RegisterOld, cancellationToken);
            var starter = old.Services.GetRequiredService<DaprWorkflowClient>();
            await starter.ScheduleNewWorkflowAsync("StoredPatches", id);
            await SeenAsync(starter, id, WorkflowHistoryEventType.TaskCompleted);
            await old.StopAsync(cancellationToken);
        }

        await using var recorder = await RecordingSidecar.StartAsync(sidecar, cancellationToken);
        using var worker = await StartWorkerAsync(recorder.Address, StoredWorkflows.Register, cancellationToken);
        await using var client = new DaprWorkflowClientBuilder()
            .UseGrpcEndpoint(sidecar.ToString()).UseDaprApiToken("stories-token").Build();
        await PlayAsync(story, id, client);
        await client.WaitForWorkflowCompletionAsync(id, cancellation: cancellationToken);
        await worker.StopAsync(cancellationToken);
        return [.. recorder.TurnsOf(id).Select(turn => StoredTurn.Of(turn.Request, turn.Answer))];
    }

    private static async Task<IHost> StartWorkerAsync(
        Uri sidecar, Action<WorkflowRuntimeOptions> register, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = sidecar.ToString(),
            ["DAPR_API_TOKEN"] = "stories-token",
        });
        builder.Services.AddDaprWorkflow(register);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    private static async Task PlayAsync(string story, string id, DaprWorkflowClient client)
    {
        switch (story)
        {
            case "activities":
                await client.ScheduleNewWorkflowAsync("StoredActivities", id, 4);
                break;
            case "retries":
                await client.ScheduleNewWorkflowAsync("StoredRetries", id, id);
                break;
            case "timers":
                await client.ScheduleNewWorkflowAsync("StoredTimers", id);
                break;
            case "children":
                await client.ScheduleNewWorkflowAsync("StoredChildren", id);
                break;
            case "fan-out":
                await client.ScheduleNewWorkflowAsync("StoredFanOut", id, 5);
                break;
            case "failure":
                await client.ScheduleNewWorkflowAsync("StoredFailure", id, "broken");
                break;
            case "patches":
                await client.RaiseEventAsync(id, "go", "x");
                break;
            case "events":
                await client.ScheduleNewWorkflowAsync("StoredEvents", id);
                await client.RaiseEventAsync(id, "in-time", 3);
                await client.RaiseEventAsync(id, "GO", "x");
                await client.RaiseEventAsync(id, "endless", 2);
                break;
            case "generations":
                await client.ScheduleNewWorkflowAsync("StoredGenerations", id, 0);
                await Task.WhenAll(Enumerable.Range(1, 3).Select(i => client.RaiseEventAsync(id, "add", i)));
                break;
            case "suspension":
                await client.ScheduleNewWorkflowAsync("StoredSuspension", id);
                await client.SuspendWorkflowAsync(id, "lunch");
                await client.RaiseEventAsync(id, "go", "x");
                await client.ResumeWorkflowAsync(id);
                break;
            default:
                Assert.Fail($"Nobody wrote down how story '{story}' goes.");
                break;
        }
    }

    private static async Task SeenAsync(DaprWorkflowClient client, string id, WorkflowHistoryEventType type)
    {
        while (!(await client.GetInstanceHistoryAsync(id, TestContext.Current.CancellationToken)).Any(e => e.EventType == type))
        {
            await Task.Yield();
        }
    }
}
