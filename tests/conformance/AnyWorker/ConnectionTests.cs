using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Tests.Worker.Replay;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Section B1 of the contract: the work stream.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Stream_Opened_CarriesTheToken()
    {
        await using var worker = await WorkerUnderTest.StartAsync(_ => { });
        Assert.Equal("scripted", worker.Sidecar.Headers.GetValue("dapr-api-token"));
    }

    [Fact]
    public async Task Stream_GivenAPortAlone_GoesToThisMachine()
    {
        await using var worker = await WorkerUnderTest.StartAsync(
            _ => { }, settings: sidecar => new() { ["DAPR_GRPC_PORT"] = sidecar.Port.ToString(CultureInfo.InvariantCulture) });
        Assert.Equal(1, worker.Sidecar.Streams);
    }

    [Fact]
    public async Task Stream_Refused_IsOpenedAgain()
    {
        await using var worker = await WorkerUnderTest.StartAsync(_ => { }, refusals: 1);
        Assert.NotEmpty((await worker.Sidecar.AskAsync(new WorkflowRequest { InstanceId = "after" })).Actions);
    }

    [Fact]
    public async Task Worker_WithoutASidecar_StartsAllTheSame()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DAPR_GRPC_ENDPOINT"] = "http://127.0.0.1:1" });
        builder.Services.AddDaprWorkflow(_ => { });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stream_EndedBySidecar_IsOpenedAgain()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options =>
            options.RegisterActivity<int, int>("AddOne", (_, value) => Task.FromResult(value + 1)));
        worker.Sidecar.EndStream();
        await worker.Sidecar.ConnectedAsync(2);
        var answer = await worker.Sidecar.AskAsync(
            new ActivityRequest { Name = "AddOne", Input = "1", WorkflowInstance = new WorkflowInstance { InstanceId = "a" } });
        Assert.Equal("2", answer.Result);
    }

    [Fact]
    public async Task Work_OfAnUnknownKind_IsLeft()
    {
        await using var worker = await WorkerUnderTest.StartAsync(_ => { });
        worker.Sidecar.Send(new WorkItem { CompletionToken = "nothing in it" });
        Assert.NotEmpty((await worker.Sidecar.AskAsync(new WorkflowRequest { InstanceId = "after" })).Actions);
        Assert.Equal(1, worker.Sidecar.Streams);
    }

    [Fact]
    public async Task Turn_WithAToken_IsAnsweredWithIt()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options =>
            options.RegisterWorkflow<string?, string>("Wf", (_, _) => Task.FromResult("done")));
        var request = new WorkflowRequest { InstanceId = "tokens" };
        request.NewEvents.Add(Events.TurnStarted());
        request.NewEvents.Add(Events.Started("Wf", null, "tokens"));
        foreach (var started in request.NewEvents)
        {
            started.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Instance.Epoch);
        }

        var answer = await worker.Sidecar.AskAsync(request, "token-2");
        Assert.Equal(("tokens", "token-2"), (answer.InstanceId, answer.CompletionToken));
    }
}
