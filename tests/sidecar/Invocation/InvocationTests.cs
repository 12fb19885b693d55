using System.Globalization;
using Dapr.Client;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Invocation;

/// <summary>Calls from app to app through the sidecar, by <c>dapr-app-id</c>.</summary>
public sealed class InvocationTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-invocation-").FullName;
    private SidecarHost _sidecar = null!;
    private EchoApp _app = null!;
    private GrpcChannel _channel = null!;
    private CallInvoker _calls = null!;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = Path.Combine(_folder, "state.db"),
                Apps = [new SidecarApp { Id = "caller", ApiToken = "secret" }, new SidecarApp { Id = "echo", AppApiToken = "shown" }],
            },
            TestContext.Current.CancellationToken);
        _app = await EchoApp.StartAsync();
        _sidecar.Apps["echo"].AppAddress = _app.Address;
        _channel = GrpcChannel.ForAddress(_sidecar.Apps["caller"].GrpcAddress);
        _calls = _channel.CreateCallInvoker();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        await _sidecar.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Unary_WithMetadata_PassesHeadersAndTrailers()
    {
        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo", ("colour", "green")), "hello");
        Assert.Equal("hello", await call.ResponseAsync);
        Assert.Equal(
            "colour=green dapr-api-token=shown dapr-callee-app-id=echo dapr-caller-app-id=caller",
            (await call.ResponseHeadersAsync).GetValue("seen"));
        Assert.Equal("at the end", call.GetTrailers().GetValue("trailer"));
        Assert.Equal([1, 2, 3], call.GetTrailers().GetValueBytes("binary-bin"));
    }

    [Fact]
    public async Task Unary_OfALargeMessage_Passes()
    {
        var large = new string('x', 3_000_000);
        Assert.Equal(large, await _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo"), large));
    }

    [Fact]
    public async Task ServerStreaming_EndingBadly_PassesMessagesThenTheStatus()
    {
        using var call = _calls.AsyncServerStreamingCall(EchoApp.Serve, null, To("echo"), "n");
        var seen = new List<string>();
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                seen.Add(message);
            }
        });
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], seen);
        Assert.Equal((StatusCode.DataLoss, "ends badly"), (end.StatusCode, end.Status.Detail));
    }

    [Fact]
    public async Task ClientStreaming_OfManyMessages_Passes()
    {
        using var call = _calls.AsyncClientStreamingCall(EchoApp.Collect, null, To("echo"));
        for (var i = 0; i < 1000; i++)
        {
            await call.RequestStream.WriteAsync(i.ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(string.Concat(Enumerable.Range(0, 1000)), await call.ResponseAsync);
    }

    [Fact]
    public async Task DuplexStreaming_MessageByMessage_IsAnsweredAtOnce()
    {
        using var call = _calls.AsyncDuplexStreamingCall(EchoApp.Talk, null, To("echo", ("dapr-stream", "true")));
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync($"{i}", TestContext.Current.CancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal($"re: {i}", call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deadline_OfTheCaller_Counts()
    {
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);
        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo").WithDeadline(deadline), "wait");
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task Failure_ThatDaprdRepeats_IsRepeated(StatusCode status)
    {
        _app.Failures.Enqueue(status);
        Assert.Equal("again", await _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo"), "again"));
        Assert.Equal(2, _app.Calls);
    }

    [Fact]
    public async Task Failure_FourTimes_IsPassedOn()
    {
        for (var i = 0; i < 4; i++)
        {
            _app.Failures.Enqueue(StatusCode.Unavailable);
        }

        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo"), "x");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal((StatusCode.Unavailable, "on request", "asked to"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("why")));
        Assert.Equal(4, _app.Calls);
    }

    [Theory]
    [InlineData(StatusCode.Internal, "false")]
    [InlineData(StatusCode.Unavailable, "true")]
    public async Task Failure_ThatIsNotRepeated_IsPassedOnAtOnce(StatusCode status, string stream)
    {
        _app.Failures.Enqueue(status);
        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, To("echo", ("dapr-stream", stream)), "x");
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(1, _app.Calls);
    }

    [Fact]
    public async Task App_ThatStartsMeanwhile_IsReached()
    {
        var time = new FakeTimeProvider();
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = Path.Combine(_folder, "other.db"), Apps = [new SidecarApp { Id = "echo" }], Time = time },
            TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(sidecar.Apps["echo"].GrpcAddress);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(EchoApp.Unary, null, To("echo"), "late");
        await new DaprClientBuilder().UseGrpcEndpoint(sidecar.Apps["echo"].GrpcAddress.ToString()).Build().GetMetadataAsync();
        sidecar.Apps["echo"].AppAddress = _app.Address;
        while (!call.ResponseAsync.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.Equal("late", await call.ResponseAsync);
    }

    [Fact]
    public async Task App_Unknown_IsNamed()
    {
        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, To("nobody"), "x");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Contains("couldn't find service: nobody", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithoutTarget_IsUnimplemented()
    {
        var headers = new Metadata { { "dapr-api-token", "secret" } };
        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, new CallOptions(headers), "x");
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Call_WithoutTheToken_IsUnauthenticated(string? token)
    {
        var headers = new Metadata { { "dapr-app-id", "echo" } };
        if (token is not null)
        {
            headers.Add("dapr-api-token", token);
        }

        using var call = _calls.AsyncUnaryCall(EchoApp.Unary, null, new CallOptions(headers), "x");
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(0, _app.Calls);
    }

    private static CallOptions To(string app, params (string Key, string Value)[] more)
    {
        var headers = new Metadata { { "dapr-app-id", app }, { "dapr-api-token", "secret" } };
        foreach (var (key, value) in more)
        {
            headers.Add(key, value);
        }

        return new CallOptions(headers, cancellationToken: TestContext.Current.CancellationToken);
    }
}
