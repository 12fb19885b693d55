using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>
/// A sidecar that only does what the test says: it hands out the work that it is given and brings back the answers, over a real
/// socket, so that any worker can be asked the same question.
/// </summary>
internal sealed class ScriptedSidecar : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Script _script;

    private ScriptedSidecar(IHost host, Script script)
    {
        _host = host;
        _script = script;
        var addresses = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Address = new Uri(addresses.Addresses.Single());
    }

    public Uri Address { get; }

    /// <summary>How often a work stream was opened.</summary>
    public int Streams => _script.Streams;

    /// <summary>The headers of the last stream.</summary>
    public Metadata Headers => _script.Headers;

    public static async Task<ScriptedSidecar> StartAsync(CancellationToken cancellationToken)
    {
        var script = new Script();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddSingleton(script).AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        return new ScriptedSidecar(app, script);
    }

    /// <summary>Hands a turn to the worker.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="completionToken">What the answer must carry.</param>
    /// <returns>The worker's answer.</returns>
    public Task<WorkflowResponse> AskAsync(WorkflowRequest request, string completionToken = "")
    {
        var answer = new TaskCompletionSource<WorkflowResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Turns[request.InstanceId] = answer;
        _script.Work.Writer.TryWrite(new WorkItem { WorkflowRequest = request, CompletionToken = completionToken });
        return answer.Task.WaitAsync(Patience.Limit, TimeProvider.System);
    }

    /// <summary>Hands an activity call to the worker.</summary>
    /// <param name="request">The call.</param>
    /// <param name="completionToken">What the answer must carry.</param>
    /// <returns>The worker's answer.</returns>
    public Task<ActivityResponse> AskAsync(ActivityRequest request, string completionToken = "")
    {
        var answer = new TaskCompletionSource<ActivityResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _script.Calls[(request.WorkflowInstance.InstanceId, request.TaskId)] = answer;
        _script.Work.Writer.TryWrite(new WorkItem { ActivityRequest = request, CompletionToken = completionToken });
        return answer.Task.WaitAsync(Patience.Limit, TimeProvider.System);
    }

    /// <summary>Hands out something else.</summary>
    /// <param name="item">The work.</param>
    public void Send(WorkItem item) => _script.Work.Writer.TryWrite(item);

    /// <summary>Ends the work stream, as a sidecar does that shuts down.</summary>
    public void EndStream() => _script.Work.Writer.TryWrite(Script.EndOfStream);

    /// <summary>Waits until the worker has opened so many streams.</summary>
    /// <param name="count">How many, since the beginning.</param>
    /// <returns>A task that ends then.</returns>
    public Task ConnectedAsync(int count = 1) => _script.ConnectedAsync(count).WaitAsync(Patience.Limit, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _script.Work.Writer.TryComplete();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Script
    {
        private readonly Lock _gate = new();
        private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

        public static WorkItem EndOfStream { get; } = new();

        public Channel<WorkItem> Work { get; } = Channel.CreateUnbounded<WorkItem>();

        public ConcurrentDictionary<string, TaskCompletionSource<WorkflowResponse>> Turns { get; } = [];

        public ConcurrentDictionary<(string, int), TaskCompletionSource<ActivityResponse>> Calls { get; } = [];

        public int Streams { get; private set; }

        public Metadata Headers { get; private set; } = [];

        public void Opened(Metadata headers)
        {
            lock (_gate)
            {
                Streams++;
                Headers = headers;
                _waiting.RemoveAll(waiting => waiting.Count <= Streams && waiting.Reached.TrySetResult());
            }
        }

        public Task ConnectedAsync(int count)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (Streams >= count)
                {
                    return Task.CompletedTask;
                }

                _waiting.Add((count, reached));
            }

            return reached.Task;
        }
    }

    private sealed class Service(Script script) : TaskHubSidecarService.TaskHubSidecarServiceBase
    {
        public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

        public override async Task GetWorkItems(
            GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync([]);
            script.Opened(context.RequestHeaders);
            try
            {
                await foreach (var item in script.Work.Reader.ReadAllAsync(context.CancellationToken))
                {
                    if (ReferenceEquals(item, Script.EndOfStream))
                    {
                        return;
                    }

                    await responseStream.WriteAsync(item);
                }
            }
            catch (OperationCanceledException)
            {
                // The worker has gone; what it had not read stays for the next one.
            }
        }

        public override Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
        {
            if (script.Turns.TryRemove(request.InstanceId, out var answer))
            {
                answer.TrySetResult(request);
            }

            return Task.FromResult(new CompleteTaskResponse());
        }

        public override Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request, ServerCallContext context) =>
            CompleteOrchestratorTask(request, context);

        public override Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
        {
            if (script.Calls.TryRemove((request.InstanceId, request.TaskId), out var answer))
            {
                answer.TrySetResult(request);
            }

            return Task.FromResult(new CompleteTaskResponse());
        }
    }
}
