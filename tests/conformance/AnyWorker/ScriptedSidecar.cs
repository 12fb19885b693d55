using Google.Protobuf;
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
    public int Streams => _script.Opened.Count;

    /// <summary>The headers of the last stream or client call.</summary>
    public Metadata Headers => _script.Headers;

    /// <summary>What clients asked for, in the order of its coming.</summary>
    public IEnumerable<IMessage> Asked => _script.Asked;

    /// <summary>Starts it.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <param name="refusals">How many streams are refused before the first is let in.</param>
    /// <returns>The sidecar, on a port of its own.</returns>
    public static async Task<ScriptedSidecar> StartAsync(CancellationToken cancellationToken, int refusals = 0)
    {
        var script = new Script(refusals);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddSingleton(script).AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<ScriptedService>();
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
    public Task ConnectedAsync(int count = 1) => _script.Opened.ReachedAsync(count);

    /// <summary>Waits until the worker has said hello so many times.</summary>
    /// <param name="count">How many, since the beginning.</param>
    /// <returns>A task that ends then.</returns>
    public Task GreetedAsync(int count = 1) => _script.Hellos.ReachedAsync(count);

    /// <summary>Says what a client gets that asks like this; the last such answer is given again and again.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <param name="answers">The answers, one after another: a message, or a status to refuse with.</param>
    public void Answer<TRequest>(params object[] answers)
        where TRequest : IMessage => _script.Answer(typeof(TRequest), answers);

    public async ValueTask DisposeAsync()
    {
        _script.Work.Writer.TryComplete();
        await _host.StopAsync();
        _host.Dispose();
    }
}
