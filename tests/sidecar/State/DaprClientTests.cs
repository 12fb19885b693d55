using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace MeshWorkflow.Tests.State;

/// <summary>Dapr's own client on the sidecar's key-value state and metadata.</summary>
public sealed class DaprClientTests : IAsyncLifetime
{
    private TestSidecar _sidecar = null!;
    private DaprClient _a = null!;
    private DaprClient _b = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await TestSidecar.StartAsync();
        _a = Build("a");
        _b = Build("b");
    }

    public async ValueTask DisposeAsync()
    {
        _a.Dispose();
        _b.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task State_SavedAndDeleted_ComesAndGoes()
    {
        Assert.Null(await _a.GetStateAsync<string?>("store", "k", cancellationToken: Cancellation));
        await _a.SaveStateAsync("store", "k", "v", cancellationToken: Cancellation);
        Assert.Equal("v", await _a.GetStateAsync<string>("store", "k", ConsistencyMode.Eventual, cancellationToken: Cancellation));
        await _a.DeleteStateAsync("store", "k", cancellationToken: Cancellation);
        Assert.Null(await _a.GetStateAsync<string?>("store", "k", ConsistencyMode.Strong, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task State_OfAStore_BelongsToWhomItsPrefixSays()
    {
        await _a.SaveStateAsync("store", "k", "mine", cancellationToken: Cancellation);
        await _a.SaveStateAsync("shared", "k", "ours", cancellationToken: Cancellation);
        Assert.Null(await _b.GetStateAsync<string?>("store", "k", cancellationToken: Cancellation));
        Assert.Equal("ours", await _b.GetStateAsync<string>("shared", "k", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Etag_OfAnOldVersion_ChangesNothing()
    {
        await _a.SaveStateAsync("store", "k", 1, cancellationToken: Cancellation);
        var (_, etag) = await _a.GetStateAndETagAsync<int>("store", "k", cancellationToken: Cancellation);
        Assert.True(await _a.TrySaveStateAsync("store", "k", 2, etag, cancellationToken: Cancellation));
        Assert.False(await _a.TrySaveStateAsync("store", "k", 3, etag, cancellationToken: Cancellation));
        Assert.False(await _a.TryDeleteStateAsync("store", "k", etag, cancellationToken: Cancellation));
        Assert.Equal(2, await _a.GetStateAsync<int>("store", "k", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Etag_AfterTheKeyWasMadeAgain_IsAnotherOne()
    {
        await _a.SaveStateAsync("store", "k", 1, cancellationToken: Cancellation);
        var (_, etag) = await _a.GetStateAndETagAsync<int>("store", "k", cancellationToken: Cancellation);
        await _a.DeleteStateAsync("store", "k", cancellationToken: Cancellation);
        await _a.SaveStateAsync("store", "k", 1, cancellationToken: Cancellation);
        Assert.False(await _a.TrySaveStateAsync("store", "k", 2, etag, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task FirstWrite_OfAnExistingKey_IsRefused_LastWriteIsNot()
    {
        var first = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
        var last = new StateOptions { Concurrency = ConcurrencyMode.LastWrite };
        await _a.SaveStateAsync("store", "k", 1, first, cancellationToken: Cancellation);
        var refusal = await Assert.ThrowsAsync<DaprException>(() => _a.SaveStateAsync("store", "k", 2, first, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Aborted, Assert.IsType<RpcException>(refusal.InnerException).StatusCode);
        await _a.SaveStateAsync("store", "k", 3, last, cancellationToken: Cancellation);
        Assert.True(await _a.TrySaveStateAsync("store", "k", 4, "1", last, cancellationToken: Cancellation));
        Assert.Equal(4, await _a.GetStateAsync<int>("store", "k", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Bulk_SaveGetDelete_WorksOnAll()
    {
        await _a.SaveBulkStateAsync(
            "store", [new SaveStateItem<int>("x", 1, ""), new SaveStateItem<int>("y", 2, "")], cancellationToken: Cancellation);
        var items = await _a.GetBulkStateAsync("store", ["x", "nothing", "y"], parallelism: 2, cancellationToken: Cancellation);
        Assert.Equal(["x=1", "nothing=", "y=2"], items.Select(item => $"{item.Key}={item.Value}"));
        await _a.DeleteBulkStateAsync("store", [new BulkDeleteStateItem("x", items[0].ETag), new BulkDeleteStateItem("y", "")], Cancellation);
        Assert.All(
            await _a.GetBulkStateAsync("store", ["x", "y"], parallelism: null, cancellationToken: Cancellation),
            item => Assert.Equal("", item.Value));
    }

    [Fact]
    public async Task Transaction_WithAMismatch_ChangesNothing()
    {
        await _a.SaveStateAsync("store", "old", 1, cancellationToken: Cancellation);
        StateTransactionRequest Upsert(string key, string? etag = null) =>
            new(key, "2"u8.ToArray(), StateOperationType.Upsert, etag);
        var refusal = await Assert.ThrowsAsync<DaprException>(() => _a.ExecuteStateTransactionAsync(
            "store", [Upsert("new"), Upsert("old", "77")], cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Internal, Assert.IsType<RpcException>(refusal.InnerException).StatusCode);
        Assert.Null(await _a.GetStateAsync<int?>("store", "new", cancellationToken: Cancellation));

        var delete = new StateTransactionRequest("old", null, StateOperationType.Delete);
        await _a.ExecuteStateTransactionAsync("store", [Upsert("new"), delete], cancellationToken: Cancellation);
        Assert.Equal(2, await _a.GetStateAsync<int>("store", "new", cancellationToken: Cancellation));
        Assert.Null(await _a.GetStateAsync<int?>("store", "old", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task TimeToLive_OverAnHour_IsTold()
    {
        var metadata = new Dictionary<string, string> { ["ttlInSeconds"] = "3600" };
        await _a.SaveStateAsync("store", "k", 1, metadata: metadata, cancellationToken: Cancellation);
        var item = Assert.Single(await _a.GetBulkStateAsync("store", ["k"], null, cancellationToken: Cancellation));
        Assert.Equal("1", item.Value);
        metadata["ttlInSeconds"] = "soon";
        var refusal = await Assert.ThrowsAsync<DaprException>(() => _a.SaveStateAsync("store", "k", 1, metadata: metadata, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, Assert.IsType<RpcException>(refusal.InnerException).StatusCode);
    }

    [Fact]
    public async Task Requests_ThatCantBe_AreRefusedAsByDaprd()
    {
        async Task<StatusCode> RefusalAsync(Func<Task> call) =>
            Assert.IsType<RpcException>((await Assert.ThrowsAsync<DaprException>(call)).InnerException).StatusCode;
        Assert.Equal(StatusCode.InvalidArgument, await RefusalAsync(() => _a.GetStateAsync<int>("nowhere", "k", cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.InvalidArgument, await RefusalAsync(() => _a.SaveStateAsync("store", "a||b", 1, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.InvalidArgument, await RefusalAsync(() => _a.DeleteBulkStateAsync("store", [new BulkDeleteStateItem("x", "no etag")], Cancellation)));
#pragma warning disable CS0618 // Deprecated, but called by programs still.
        Assert.Equal(StatusCode.Unimplemented, await RefusalAsync(() => _a.QueryStateAsync<int>("store", "{}", cancellationToken: Cancellation)));
#pragma warning restore CS0618
    }

    [Fact]
    public async Task Metadata_OverBothApis_SaysTheSame()
    {
        await _a.SetMetadataAsync("colour", "green", Cancellation);
        var metadata = await _a.GetMetadataAsync(Cancellation);
        Assert.Equal(("a", "green"), (metadata.Id, metadata.Extended["colour"]));
        Assert.Equal(["shared", "store"], metadata.Components.Select(component => component.Name).Order());
        Assert.DoesNotContain("colour", (await _b.GetMetadataAsync(Cancellation)).Extended.Keys);

        using var worker = await _sidecar.ConnectAsync();
        using var http = new HttpClient { BaseAddress = _sidecar.Host.Apps["a"].HttpAddress };
        (await http.PutAsync(new Uri("v1.0/metadata/size", UriKind.Relative), new StringContent("large"), Cancellation)).EnsureSuccessStatusCode();
        var document = await http.GetFromJsonAsync<JsonNode>("v1.0/metadata", Cancellation);
        Assert.Equal("a", (string?)document?["id"]);
        Assert.Equal("large", (string?)document?["extended"]?["size"]);
        Assert.Equal(1, (int?)document?["workflows"]?["connectedWorkers"]);
    }

    [Fact]
    public async Task Health_OfARunningSidecar_IsGood()
    {
        Assert.True(await _a.CheckHealthAsync(Cancellation));
        Assert.True(await _a.CheckOutboundHealthAsync(Cancellation));
        using var http = new HttpClient { BaseAddress = _sidecar.Host.Apps["a"].HttpAddress };
        Assert.Equal(HttpStatusCode.NoContent, (await http.GetAsync(new Uri("v1.0/healthz", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("v1.0/nothing", UriKind.Relative), Cancellation)).StatusCode);
    }

    private DaprClient Build(string app) => new DaprClientBuilder()
        .UseGrpcEndpoint(_sidecar.Host.Apps[app].GrpcAddress.ToString())
        .UseHttpEndpoint(_sidecar.Host.Apps[app].HttpAddress.ToString())
        .Build();
}
