using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>What is too much is refused by name; what is there goes on.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Workers_MoreThanAllowed_AreRefusedUntilOneLeaves()
    {
        await using var sidecar = await TestSidecar.StartAsync(limits: new SidecarLimits { MaxWorkers = 1 });
        using (await sidecar.ConnectAsync())
        {
            using var second = sidecar.Client().GetWorkItems(new GetWorkItemsRequest());
            var refusal = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(TestSidecar.Cancellation));
            Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
            Assert.Contains("There are 1 workers of app 'a' connected already", refusal.Status.Detail, StringComparison.Ordinal);
            using var other = await sidecar.ConnectAsync("b");
        }

        // The first one's going is seen when it is seen.
        while (true)
        {
            using var next = sidecar.Client().GetWorkItems(new GetWorkItemsRequest());
            await next.ResponseHeadersAsync;
            _ = sidecar.BeginAsync(FormattableString.Invariant($"i{TimeProvider.System.GetTimestamp()}"));
            try
            {
                Assert.True(await next.ResponseStream.MoveNext(TestSidecar.Cancellation));
                return;
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.ResourceExhausted)
            {
                TestSidecar.Cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task Instances_MoreThanAllowed_AreRefusedUntilOneEnds_AlsoAfterARestart()
    {
        var limits = new SidecarLimits { MaxInstances = 1 };
        await using var sidecar = await TestSidecar.StartAsync(limits: limits);
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("parent");
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "kid"));
            var turn = await worker.NextTurnAsync();
            Assert.Equal(
                "WorkflowInstanceLimitReached", turn.WorkflowRequest.NewEvents[^1].ChildWorkflowInstanceFailed.FailureDetails.ErrorType);
            await worker.AnswerAsync(turn);
        }

        await sidecar.RestartAsync(limits: limits);
        using var next = await sidecar.ConnectAsync();
        var refusal = await TestSidecar.RefusalAsync(
            () => sidecar.Client().StartInstanceAsync(new CreateInstanceRequest { InstanceId = "other", Name = "w" }));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Contains("There are 1 active workflow instances already", refusal.Detail, StringComparison.Ordinal);
        await sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "parent", Force = true });
        _ = sidecar.BeginAsync("other");
        await next.AnswerAsync(await next.NextTurnAsync(), Act.Complete());
        await sidecar.EndAsync("other");
        _ = sidecar.BeginAsync("third");
        Assert.Equal("third", (await next.NextTurnAsync()).WorkflowRequest.InstanceId);
    }

    [Fact]
    public async Task Message_LargerThanAllowed_IsRefused()
    {
        await using var sidecar = await TestSidecar.StartAsync(maxMessageSize: 100_000);
        using var worker = await sidecar.ConnectAsync();
        var request = new CreateInstanceRequest { InstanceId = "i", Name = "w", Input = new string('x', 100_001) };
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().StartInstanceAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.False((await sidecar.Client().GetInstanceAsync(new GetInstanceRequest { InstanceId = "i" })).Exists);
    }

    [Fact]
    public async Task Calls_MoreThanAllowedOnAConnection_WaitUntilOneEnds()
    {
        await using var sidecar = await TestSidecar.StartAsync(limits: new SidecarLimits { MaxCallsPerConnection = 2 });
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var channel = GrpcChannel.ForAddress(sidecar.Host.Apps["a"].GrpcAddress, new GrpcChannelOptions { HttpHandler = handler });
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        var stream = client.GetWorkItems(new GetWorkItemsRequest());
        await stream.ResponseHeadersAsync;
        using var second = client.GetWorkItems(new GetWorkItemsRequest());
        await second.ResponseHeadersAsync;

        var third = client.HelloAsync(new Google.Protobuf.WellKnownTypes.Empty()).ResponseAsync;
        await sidecar.Client().HelloAsync(new Google.Protobuf.WellKnownTypes.Empty());
        Assert.False(third.IsCompleted);
        stream.Dispose();
        await third.WaitAsync(TestSidecar.Cancellation);
    }

    [Fact]
    public async Task Connections_MoreThanAllowedAtAnAddress_AreClosed()
    {
        await using var sidecar = await TestSidecar.StartAsync(limits: new SidecarLimits { MaxConnections = 1 });
        using var worker = await sidecar.ConnectAsync();
        using var second = new TcpClient();
        var address = sidecar.Host.Apps["a"].GrpcAddress;
        await second.ConnectAsync(address.Host, address.Port, TestSidecar.Cancellation);
        Assert.Equal(0, await ReadAsync(second));

        using var other = await sidecar.ConnectAsync("b");
    }

    /// <summary>How many bytes come; none if it is closed, in whichever way.</summary>
    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], TestSidecar.Cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
