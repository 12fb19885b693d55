using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.WorkflowContracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Conformance.Histories;

/// <summary>Stands between a worker and a real sidecar, and keeps every turn that passes.</summary>
internal sealed class RecordingSidecar : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly Tape _tape;

    private RecordingSidecar(WebApplication host, Tape tape) => (_host, _tape) = (host, tape);

    public Uri Address => new(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>The turns of an instance, in their order.</summary>
    public IReadOnlyList<(WorkflowRequest Request, WorkflowResponse Answer)> TurnsOf(string instanceId) =>
        [.. _tape.Turns.Where(turn => turn.Request.InstanceId == instanceId)];

    public static async Task<RecordingSidecar> StartAsync(Uri sidecar, CancellationToken cancellationToken)
    {
        var tape = new Tape(GrpcChannel.ForAddress(sidecar));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddSingleton(tape).AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellationToken);
        return new RecordingSidecar(app, tape);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _tape.Dispose();
    }

    private sealed class Tape(GrpcChannel channel) : IDisposable
    {
        private readonly ConcurrentDictionary<string, WorkflowRequest> _open = [];

        public TaskHubSidecarService.TaskHubSidecarServiceClient Sidecar { get; } = new(channel);

        public ConcurrentQueue<(WorkflowRequest Request, WorkflowResponse Answer)> Turns { get; } = [];

        public void Began(WorkflowRequest? request)
        {
            if (request is not null)
            {
                _open[request.InstanceId] = request;
            }
        }

        public void Ended(WorkflowResponse answer)
        {
            if (_open.TryRemove(answer.InstanceId, out var request))
            {
                Turns.Enqueue((request, answer));
            }
        }

        public void Dispose() => channel.Dispose();
    }

    private sealed class Service(Tape tape) : TaskHubSidecarService.TaskHubSidecarServiceBase
    {
        public override async Task<Empty> Hello(Empty request, ServerCallContext context) =>
            await tape.Sidecar.HelloAsync(request, Token(context), cancellationToken: context.CancellationToken);

        public override async Task GetWorkItems(
            GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
        {
            using var work = tape.Sidecar.GetWorkItems(request, Token(context), cancellationToken: context.CancellationToken);
            await context.WriteResponseHeadersAsync([]);
            await foreach (var item in work.ResponseStream.ReadAllAsync(context.CancellationToken))
            {
                tape.Began(item.WorkflowRequest);
                await responseStream.WriteAsync(item);
            }
        }

        public override async Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
        {
            tape.Ended(request);
            return await tape.Sidecar.CompleteOrchestratorTaskAsync(request, Token(context));
        }

        public override async Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context) =>
            await tape.Sidecar.CompleteActivityTaskAsync(request, Token(context));

        private static Metadata Token(ServerCallContext context) =>
            context.RequestHeaders.GetValue("dapr-api-token") is { } token ? new Metadata { { "dapr-api-token", token } } : [];
    }
}
