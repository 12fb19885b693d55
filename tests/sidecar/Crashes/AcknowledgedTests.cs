using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>A worker in the test knows which of its answers were acknowledged: a sidecar that is killed may forget none of them.</summary>
public sealed class AcknowledgedTests : IDisposable
{
    private const int Chains = 10;
    private const int Length = 30;
    private const int Kills = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-acks-").FullName;
    private readonly ConcurrentDictionary<(string Instance, int Task), string> _acknowledged = new();
    private readonly ConcurrentBag<string> _violations = [];
    private int _sent;

    [Fact]
    public async Task Answers_ThatWereAcknowledged_OutliveEveryKill()
    {
        var port = Victim.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var stateFile = Path.Combine(_folder, "state.db");
        using var client = new PatientClient(address);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sidecar = await Victim.SidecarAsync(stateFile, port);
        try
        {
            var working = WorkAsync(address, ending.Token);
            var ids = Enumerable.Range(0, Chains).Select(i => string.Create(CultureInfo.InvariantCulture, $"acks-{i}")).ToList();
            await Task.WhenAll(ids.Select(id => client.StartAsync(id, "w", 0)));
            for (var kill = 1; kill <= Kills; kill++)
            {
                while (_acknowledged.Count < Chains * Length * kill / (Kills + 1))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ending.Token);
                }

                sidecar.Dispose();
                sidecar = await Victim.SidecarAsync(stateFile, port);
            }

            foreach (var id in ids)
            {
                Assert.Equal(OrchestrationStatus.Completed, (await client.EndAsync(id)).WorkflowStatus);
                Check(id, await client.HistoryAsync(id));
            }

            Assert.Empty(_violations);
            await ending.CancelAsync();
            await working;
        }
        finally
        {
            sidecar.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Check(string id, IEnumerable<HistoryEvent> history)
    {
        var completed = history.Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted).ToList();
        Assert.Equal(Enumerable.Range(0, Length), completed.Select(e => e.TaskScheduledId));
        Assert.All(completed, e => Assert.True(
            !_acknowledged.TryGetValue((id, e.TaskScheduledId), out var value) || value == e.Result, $"{id}/{e.TaskScheduledId}: {e.Result}"));
    }

    private async Task WorkAsync(Uri address, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var channel = GrpcChannel.ForAddress(address);
            var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
            try
            {
                using var stream = client.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: cancellationToken);
                await foreach (var item in stream.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    _ = item.ActivityRequest is { } activity ? RunAsync(client, item, activity) : RunAsync(client, item, item.WorkflowRequest);
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // Killed: the next one is there soon.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is RpcException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(TaskHubSidecarService.TaskHubSidecarServiceClient client, WorkItem item, ActivityRequest activity)
    {
        var key = (activity.WorkflowInstance.InstanceId, activity.TaskId);
        if (_acknowledged.ContainsKey(key))
        {
            _violations.Add($"{key} was delivered after its answer had been acknowledged.");
        }

        var value = Interlocked.Increment(ref _sent).ToString(CultureInfo.InvariantCulture);
        try
        {
            await client.CompleteActivityTaskAsync(new ActivityResponse
            {
                InstanceId = key.InstanceId,
                TaskId = key.TaskId,
                CompletionToken = item.CompletionToken,
                Result = value,
            });
            _acknowledged.TryAdd(key, value);
        }
        catch (Exception exception) when (exception is RpcException or ObjectDisposedException)
        {
            // Not acknowledged: nothing follows from it.
        }
    }

    // The next activity of a chain, or its end.
    private static async Task RunAsync(TaskHubSidecarService.TaskHubSidecarServiceClient client, WorkItem item, WorkflowRequest request)
    {
        var done = request.PastEvents.Concat(request.NewEvents).Count(e => e.TaskCompleted is not null);
        try
        {
            await client.CompleteWorkflowTaskAsync(new WorkflowResponse
            {
                InstanceId = request.InstanceId,
                CompletionToken = item.CompletionToken,
                Actions = { done < Length ? Act.Activity(done) : Act.Complete() },
            });
        }
        catch (Exception exception) when (exception is RpcException or ObjectDisposedException)
        {
            // The turn is delivered again.
        }
    }
}
