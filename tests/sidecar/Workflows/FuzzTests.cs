using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Whatever is sent, there is an answer or a status; and everybody else's work goes on.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Methods =
    [
        "Hello", "StartInstance", "GetInstance", "RaiseEvent", "TerminateInstance", "SuspendInstance", "ResumeInstance", "PurgeInstances",
        "WaitForInstanceStart", "WaitForInstanceCompletion", "CompleteActivityTask", "CompleteOrchestratorTask", "CompleteWorkflowTask",
        "RerunWorkflowFromEvent", "ListInstanceIDs", "GetInstanceHistory", "NoSuchMethod",
    ];

    private static readonly string[] StateMethods =
        ["GetState", "GetBulkState", "SaveState", "DeleteState", "DeleteBulkState", "ExecuteStateTransaction", "QueryStateAlpha1", "GetMetadata"];

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    [Fact]
    public async Task Bytes_OfAnyKind_GetAnAnswerOrAStatus()
    {
        var random = Dice();
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        var calls = sidecar.Channel().CreateCallInvoker();
        var methods = Methods.Select(name => ("TaskHubSidecarService", name)).Concat(StateMethods.Select(name => ("dapr.proto.runtime.v1.Dapr", name))).ToList();
        for (var i = 0; i < 500; i++)
        {
            var (service, name) = methods[random.Next(methods.Count)];
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(250);
            using var call = calls.AsyncUnaryCall(
                new Method<byte[], byte[]>(MethodType.Unary, service, name, Bytes, Bytes), null, new CallOptions(deadline: deadline), bytes);
            try
            {
                await call.ResponseAsync;
            }
            catch (RpcException exception)
            {
                Assert.NotEqual(StatusCode.OK, exception.StatusCode);
            }
        }

        await WorksAsync(sidecar, worker, "after");
    }

    [Fact]
    public async Task Answers_OfAMadWorker_HarmNobodyElse()
    {
        var random = Dice();
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            for (var i = 0; i < 40; i++)
            {
                _ = sidecar.BeginAsync(string.Create(CultureInfo.InvariantCulture, $"mad-{i}"));
            }

            for (var i = 0; i < 300; i++)
            {
                // Refused turns come again; ended and waiting instances are woken by events.
                await sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "mad-0", Name = "e" }).ResponseAsync
                    .ContinueWith(_ => { }, TaskScheduler.Default);
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(1200), TimeProvider.System);
                try
                {
                    var item = await worker.NextAsync(patience.Token);
                    await (item.ActivityRequest is null ? worker.RespondAsync(Answer(random, item)) : worker.AnswerAsync(item, "x"));
                }
                catch (RpcException exception) when (exception.StatusCode is StatusCode.InvalidArgument)
                {
                    // Refused, and delivered again.
                }
                catch (Exception exception) when (exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
                {
                    break;
                }
            }
        }

        using var sane = await sidecar.ConnectAsync("b");
        await WorksAsync(sidecar, sane, "sane", "b");
        await sidecar.RestartAsync();
        using var again = await sidecar.ConnectAsync("b");
        await WorksAsync(sidecar, again, "restarted", "b");
    }

    private static async Task WorksAsync(TestSidecar sidecar, RawWorker worker, string id, string app = "a")
    {
        _ = sidecar.BeginAsync(id, app: app);
        WorkItem turn;
        do
        {
            turn = await worker.NextTurnAsync();
        }
        while (turn.WorkflowRequest.InstanceId != id);

        await worker.AnswerAsync(turn, Act.Complete("\"fine\""));
        Assert.Equal("\"fine\"", (await sidecar.EndAsync(id, app)).Output);
    }

    private static WorkflowResponse Answer(Random random, WorkItem turn)
    {
        var response = new WorkflowResponse
        {
            InstanceId = turn.WorkflowRequest.InstanceId,
            CompletionToken = random.Next(4) == 0 ? "" : turn.CompletionToken,
            CustomStatus = random.Next(2) == 0 ? null : Text(random),
        };
        for (var i = random.Next(4); i > 0; i--)
        {
            response.Actions.Add(Action(random));
        }

        return response;
    }

    private static WorkflowAction Action(Random random)
    {
        var action = new WorkflowAction { Id = random.Next(-2, 3) };
        switch (random.Next(10))
        {
            case 0:
                action.ScheduleTask = new ScheduleTaskAction { Name = Text(random), Input = Text(random) };
                break;
            case 1:
                action.CreateTimer = new CreateTimerAction { FireAt = new Timestamp { Seconds = random.NextInt64(), Nanos = random.Next() } };
                break;
            case 2:
                action.CreateTimer = new CreateTimerAction();
                break;
            case 3:
                action.CreateChildWorkflow = new CreateChildWorkflowAction { InstanceId = Text(random), Name = Text(random) };
                break;
            case 4:
                action.SendEvent = new SendEventAction { Instance = new WorkflowInstance { InstanceId = "mad-1" }, Name = Text(random) };
                break;
            case 5:
                action.SendEvent = new SendEventAction();
                break;
            case 6:
                action.CompleteWorkflow = new CompleteWorkflowAction
                {
                    WorkflowStatus = (OrchestrationStatus)random.Next(-1, 12),
                    CarryoverEvents = { new HistoryEvent(), new HistoryEvent { ExecutionTerminated = new ExecutionTerminatedEvent() } },
                };
                break;
            case 7:
                action.TerminateWorkflow = new TerminateWorkflowAction { InstanceId = "mad-2" };
                break;
            case 8:
                action.WorkflowVersionNotAvailable = new WorkflowVersionNotAvailableAction();
                break;
            default:
                break;
        }

        return action;
    }

    private static string Text(Random random) => random.Next(3) switch { 0 => "", 1 => "../\u0000\uFFFD", _ => new string('y', random.Next(400)) };

    private Random Dice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MESHWF_TEST_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
