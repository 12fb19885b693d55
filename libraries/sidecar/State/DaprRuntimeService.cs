using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Sidecar.State;

/// <summary>Dapr's runtime API, as far as this sidecar has it: key-value state and metadata.</summary>
internal sealed class DaprRuntimeService(StateStores stores, SidecarMetadata metadata, TimeProvider time)
{
    private static readonly Empty Nothing = new();

    public Task<GetStateResponse> GetState(GetStateRequest request, ServerCallContext context)
    {
        var found = stores.Table.Get(stores.Key(App(context), request.StoreName, request.Key));
        var response = new GetStateResponse();
        if (found is not null)
        {
            response.Data = UnsafeByteOperations.UnsafeWrap(found.Data);
            response.Etag = found.Etag;
            AddExpiry(response.Metadata, found);
        }

        return Task.FromResult(response);
    }

    public Task<GetBulkStateResponse> GetBulkState(GetBulkStateRequest request, ServerCallContext context)
    {
        var found = stores.Table.Get([.. request.Keys.Select(key => stores.Key(App(context), request.StoreName, key))]);
        return Task.FromResult(new GetBulkStateResponse { Items = { request.Keys.Zip(found, Item) } });
    }

    public async Task<Empty> SaveState(SaveStateRequest request, ServerCallContext context)
    {
        var mismatch = await stores.Table.WriteAsync([.. request.States.Select(item => Save(request.StoreName, item, context))]);
        return mismatch is null
            ? Nothing
            : throw Refuse(StatusCode.Aborted, $"failed saving state in state store {request.StoreName}: {Mismatch(mismatch)}");
    }

    public async Task<Empty> DeleteState(DeleteStateRequest request, ServerCallContext context)
    {
        var key = stores.Key(App(context), request.StoreName, request.Key);
        var mismatch = await stores.Table.WriteAsync([StateRequests.Delete(key, request.Etag, request.Options)]);
        return mismatch is null
            ? Nothing
            : throw Refuse(StatusCode.Aborted, $"failed deleting state with key {request.Key}: {Mismatch(mismatch)}");
    }

    public async Task<Empty> DeleteBulkState(DeleteBulkStateRequest request, ServerCallContext context)
    {
        var mismatch = await stores.Table.WriteAsync([.. request.States.Select(item => Delete(request.StoreName, item, context))]);
        return mismatch is null
            ? Nothing
            : throw Refuse(StatusCode.Aborted, $"failed deleting state in state store {request.StoreName}: {Mismatch(mismatch)}");
    }

    public async Task<Empty> ExecuteStateTransaction(ExecuteStateTransactionRequest request, ServerCallContext context)
    {
        var writes = request.Operations.Select(operation => (operation.OperationType, operation.Request ?? new StateItem()) switch
        {
            ("upsert", var item) => Save(request.StoreName, item, context),
            ("delete", var item) => Delete(request.StoreName, item, context),
            var (type, _) => throw Refuse(StatusCode.Unimplemented, $"operation type {type} not supported"),
        });

        // Unlike single writes, a transaction that fails for an etag is INTERNAL: daprd does not tell why it failed.
        return await stores.Table.WriteAsync([.. writes]) is { } mismatch
            ? throw Refuse(StatusCode.Internal, $"error while executing state transaction: {Mismatch(mismatch)}")
            : Nothing;
    }

    public Task<QueryStateResponse> QueryState(QueryStateRequest request, ServerCallContext context)
    {
        stores.Check(request.StoreName);
        throw Refuse(StatusCode.Unimplemented, "state store does not support querying");
    }

    public Task<GetMetadataResponse> GetMetadata(GetMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(metadata.Get(App(context)));

    public Task<Empty> SetMetadata(SetMetadataRequest request, ServerCallContext context)
    {
        metadata.Set(App(context), request.Key, request.Value);
        return Task.FromResult(Nothing);
    }

    private StateWrite Save(string store, StateItem item, ServerCallContext context) =>
        StateRequests.Save(stores.Key(App(context), store, item.Key), item, time.GetUtcNow());

    private StateWrite Delete(string store, StateItem item, ServerCallContext context) =>
        StateRequests.Delete(stores.Key(App(context), store, item.Key), item.Etag, item.Options);

    private static BulkStateItem Item(string key, StateValue? found)
    {
        var item = new BulkStateItem { Key = key };
        if (found is not null)
        {
            item.Data = UnsafeByteOperations.UnsafeWrap(found.Data);
            item.Etag = found.Etag;
            AddExpiry(item.Metadata, found);
        }

        return item;
    }

    private static void AddExpiry(MapField<string, string> target, StateValue found)
    {
        if (found.ExpiresAt is { } time)
        {
            target["ttlExpireTime"] = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }
    }

    private static string Mismatch(StateWrite write) =>
        $"possible etag mismatch. error from state store: the stored version of '{write.Key}' is another one";

    private static StateRefusedException Refuse(StatusCode status, string message) => new(status, message);

    private static string App(ServerCallContext context) => context.GetHttpContext().App().App.Id;
}
