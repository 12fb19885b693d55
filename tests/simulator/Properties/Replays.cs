#if OWN_WORKER
using Dapr.Common.Serialization;
using Dapr.Workflow.Worker;
using MeshWorkflow.WorkflowContracts;
using MeshWorkflow.Workflows.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
#endif

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>Plays the histories of a run to the workflows again: they must ask for what they asked then.</summary>
internal static class Replays
{
#if OWN_WORKER
    public static async Task<IReadOnlyList<string>> BrokenAsync(string file)
    {
        await using var app = App(file);
        var turns = new WorkflowTurns(
            app.Services.GetRequiredService<IWorkflowsFactory>(),
            app.Services.GetRequiredService<IDaprSerializer>(),
            app.Services.GetRequiredService<IServiceScopeFactory>(),
            NullLoggerFactory.Instance);
        var broken = new List<string>();
        foreach (var (id, history) in Histories(file))
        {
            var last = history.FindLastIndex(happened => happened.WorkflowStarted is not null);
            if (last < 0)
            {
                continue;
            }

            var request = new WorkflowRequest { InstanceId = id };
            request.PastEvents.Add(history.Take(last));
            request.NewEvents.Add(history.Skip(last).Where(happened => happened.ExecutionCompleted is null && !IsAnswer(happened)));
            var answer = await turns.RunAsync(request);
            var ended = answer.Actions.Select(action => action.CompleteWorkflow).FirstOrDefault(complete => complete is not null);
            var then = history.FirstOrDefault(happened => happened.ExecutionCompleted is not null)?.ExecutionCompleted;
            if (then is not null && (ended?.WorkflowStatus != then.WorkflowStatus || ended.Result != then.Result))
            {
                broken.Add($"{id} ended {then.WorkflowStatus} {then.Result}, and now {ended?.WorkflowStatus} {ended?.Result} {ended?.FailureDetails?.ErrorMessage}");
            }
            else if (then is null && ended?.FailureDetails is { } failure)
            {
                broken.Add($"{id} fails now: {failure.ErrorType} {failure.ErrorMessage}");
            }
        }

        return broken;
    }

    // What the last turn asked for: it is to ask for it again.
    private static bool IsAnswer(HistoryEvent happened) =>
        happened.TaskScheduled is not null || happened.TimerCreated is not null || happened.ChildWorkflowInstanceCreated is not null || happened.EventSent is not null;

    private static WebApplication App(string file)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = "http://127.0.0.1:1",
            ["DAPR_HTTP_ENDPOINT"] = "http://127.0.0.1:1",
            ["DAPR_API_TOKEN"] = "none",
            ["Api:TokenFile"] = Path.Combine(Path.GetDirectoryName(file)!, "replay-token"),
        });
        return OrchestratorApp.Build(builder);
    }

    private static List<(string Id, List<HistoryEvent> History)> Histories(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i.id, h.events FROM instance i JOIN history h ON h.instance = i.key ORDER BY i.key, h.turn";
        using var reader = command.ExecuteReader();
        var histories = new List<(string Id, List<HistoryEvent> History)>();
        while (reader.Read())
        {
            var id = reader.GetString(0);
            if (histories.Count == 0 || histories[^1].Id != id)
            {
                histories.Add((id, []));
            }

            using var turn = reader.GetStream(1);
            while (turn.Position < turn.Length)
            {
                histories[^1].History.Add(HistoryEvent.Parser.ParseDelimitedFrom(turn));
            }
        }

        return histories;
    }
#else
    public static Task<IReadOnlyList<string>> BrokenAsync(string file) => Task.FromResult<IReadOnlyList<string>>(File.Exists(file) ? [] : [$"{file} is missing"]);
#endif
}
