using System.Globalization;
using CsCheck;
using Dapr.Workflow;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>
/// What no sidecar may be able to change by its timing: however a history is cut into turns, the code asks for the same things, and
/// calls that do not depend on each other may end in any order.
/// </summary>
public sealed class BatchingTests
{
    private const int Width = 5;

    [Fact]
    public async Task History_CutInAnyWay_LeadsToTheSameActions()
    {
        var whole = await LiveAsync();
        await Gen.Int[1, 6].Array[1, 20].SampleAsync(async sizes =>
        {
            var turns = Turns.Of<string?, string>("cut", EverythingAsync);
            var asked = (await turns.StartAsync()).Actions.Select(Describe).ToList();
            var left = new Queue<HistoryEvent>(whole.Arrived.Select(e => e.Clone()));
            for (var turn = 0; left.Count > 0; turn++)
            {
                asked.AddRange((await turns.NextAsync(Batch(turns, left, sizes[turn % sizes.Length]))).Actions.Select(Describe));
            }

            Assert.Equal(whole.Asked, asked);
        });
    }

    [Fact]
    public async Task History_ReplayedFromAnyPoint_LeadsToTheSameEnd()
    {
        var whole = await LiveAsync();
        var history = whole.Turns.Past;
        await Gen.Int[2, history.Count - 1].SampleAsync(async point =>
        {
            // Everything up to the point is past, the rest is new: nothing is asked again but the end.
            var response = await whole.Turns.ReplayAsync(history.Take(point), history.Skip(point));
            Assert.Equal(whole.Asked[^1], Describe(Assert.Single(response.Actions)));
        });
    }

    [Fact]
    public Task Completions_InAnyOrder_LeadToTheSameResult() =>
        Gen.Shuffle(Enumerable.Range(0, Width).ToArray()).Select(Gen.Bool.Array[Width]).SampleAsync(async (order, together) =>
        {
            var turns = Turns.Of<string?, string>("any-order", async (context, _) =>
            {
                var all = Enumerable.Range(0, Width).Select(i => Independent(context, i)).ToList();
                return string.Join(' ', await Task.WhenAll(all));
            });
            await turns.StartAsync();
            var batch = new List<HistoryEvent>();
            foreach (var (id, more) in order.Zip(together))
            {
                batch.Add(End(id));
                if (!more)
                {
                    await turns.NextAsync([.. batch]);
                    batch.Clear();
                }
            }

            if (batch.Count > 0)
            {
                await turns.NextAsync([.. batch]);
            }

            Assert.Equal("\"a0 failed timer a3 kid\"", Assert.Single(turns.Last.Actions).CompleteWorkflow.Result);
        });

    private static async Task<string> Independent(WorkflowContext context, int i)
    {
        switch (i)
        {
            case 1:
                try
                {
                    return await context.CallActivityAsync<string>("A");
                }
                catch (WorkflowTaskFailedException)
                {
                    return "failed";
                }

            case 2:
                await context.CreateTimer(TimeSpan.FromMinutes(1));
                return "timer";
            case 4:
                return await context.CallChildWorkflowAsync<string>("Kid");
            default:
                return await context.CallActivityAsync<string>("A");
        }
    }

    private static HistoryEvent End(int id) => id switch
    {
        1 => Events.Failed(id),
        2 => Events.Fired(id),
        4 => Events.ChildCompleted(id, "\"kid\""),
        _ => Events.Completed(id, string.Create(CultureInfo.InvariantCulture, $"\"a{id}\"")),
    };

    /// <summary>The workflow lives through once, one event a turn; the world answers in the order in which it was asked.</summary>
    private static async Task<Lived> LiveAsync()
    {
        var lived = new Lived(Turns.Of<string?, string>("cut", EverythingAsync), [], []);
        var answers = new Queue<HistoryEvent>();
        var response = await lived.Turns.StartAsync();
        while (true)
        {
            lived.Asked.AddRange(response.Actions.Select(Describe));
            response.Actions.SelectMany(Answer).ToList().ForEach(answers.Enqueue);
            if (!answers.TryDequeue(out var answer))
            {
                Assert.Contains("completeWorkflow", lived.Asked[^1], StringComparison.Ordinal);
                return lived;
            }

            lived.Arrived.Add(answer.Clone());
            response = await lived.Turns.NextAsync(answer);
        }
    }

    // A sidecar never tells of an end before it has taken note of the call.
    private static HistoryEvent[] Batch(Turns turns, Queue<HistoryEvent> left, int size)
    {
        var known = turns.Past.Where(e => Confirms(e)).Select(e => e.EventId).ToHashSet();
        var batch = new List<HistoryEvent>();
        while (batch.Count < size && left.TryPeek(out var next) && (EndsCall(next) is not { } id || known.Contains(id)))
        {
            batch.Add(left.Dequeue());
        }

        return [.. batch];
    }

    private static bool Confirms(HistoryEvent e) =>
        e.TaskScheduled is not null || e.TimerCreated is not null || e.ChildWorkflowInstanceCreated is not null;

    private static int? EndsCall(HistoryEvent e) => e.TaskCompleted?.TaskScheduledId ?? e.TaskFailed?.TaskScheduledId
        ?? e.ChildWorkflowInstanceCompleted?.TaskScheduledId ?? e.TimerFired?.TimerId;

    private static async Task<string> EverythingAsync(WorkflowContext context, string? input)
    {
        var policy = new WorkflowRetryPolicy(3, TimeSpan.FromSeconds(1), 2);
        var first = await context.CallActivityAsync<string>("A");
        var flaky = context.CallActivityAsync<string>("Flaky", null, new WorkflowTaskOptions(policy));
        var kid = context.CallChildWorkflowAsync<string>("Kid", first, new ChildWorkflowTaskOptions("kid"));
        await context.CreateTimer(TimeSpan.FromSeconds(5));
        var go = context.WaitForExternalEventAsync<string>("go", Timeout.InfiniteTimeSpan);
        var many = await context.ProcessInParallelAsync(
            Enumerable.Range(0, 4), i => context.CallActivityAsync<string>("Part", i), maxConcurrency: 2);
        try
        {
            await flaky;
        }
        catch (WorkflowTaskFailedException exception)
        {
            first += exception.FailureDetails.ErrorMessage;
        }

        context.SetCustomStatus(first);
        return $"{first} {await kid} {string.Join(',', many)} {await go} {context.NewGuid()}";
    }

    private static IEnumerable<HistoryEvent> Answer(WorkflowAction action) => action switch
    {
        { ScheduleTask.Name: "Flaky" } => [Events.Failed(action.Id, message: "flaky")],
        { ScheduleTask.Name: var name } => [Events.Completed(action.Id, $"\"{name}\"")],
        { CreateChildWorkflow: not null } => [Events.ChildCompleted(action.Id, "\"kid\"")],
        { CreateTimer.ExternalEvent: not null } => [Events.Raised("go", "\"went\"")],
        { CreateTimer: not null } => [Events.Fired(action.Id)],
        _ => [],
    };

    // Without times: they follow the turns, which is what is varied.
    private static string Describe(WorkflowAction action)
    {
        var described = action.Clone();
        if (described.CreateTimer is { } timer)
        {
            timer.FireAt = null;
        }

        return described.ToString();
    }

    private sealed record Lived(Turns Turns, List<string> Asked, List<HistoryEvent> Arrived);
}
