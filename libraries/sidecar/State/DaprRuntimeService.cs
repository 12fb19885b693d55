using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Sidecar.State;

/// <summary>Dapr's runtime API, as far as this sidecar has it: key-value state.</summary>
internal sealed class DaprRuntimeService(StateStores stores, TimeProvider time)
{
    private static readonly Empty Nothing = new();

    public Task<GetStateResponse> GetState(GetStateRequest request, ServerCallContext context)
    {
        var found = stores.Table.Get(stores.Key(App(context), request.StoreName, request.Key));
        return Task.FromResult(found is null
            ? new GetStateResponse()
            : new GetStateResponse { Data = UnsafeByteOperations.UnsafeWrap(found.Data), Etag = found.Etag });
    }

    public Task<GetBulkStateResponse> GetBulkState(GetBulkStateRequest request, ServerCallContext context)
    {
        var found = stores.Table.Get([.. request.Keys.Select(key => stores.Key(App(context), request.StoreName, key))]);
        var response = new GetBulkStateResponse();
        response.Items.Add(request.Keys.Zip(found, Item));
        return Task.FromResult(response);
    }

    public Task<Empty> SaveState(SaveStateRequest request, ServerCallContext context) => WriteAsync(
        request.States.Select(item => StateRequests.Save(
            stores.Key(App(context), request.StoreName, item.Key), item, time.GetUtcNow())));

    public Task<Empty> DeleteState(DeleteStateRequest request, ServerCallContext context) =>
        WriteAsync([StateRequests.Delete(stores.Key(App(context), request.StoreName, request.Key), request.Etag, request.Options)]);

    public Task<Empty> DeleteBulkState(DeleteBulkStateRequest request, ServerCallContext context) => WriteAsync(
        request.States.Select(item => StateRequests.Delete(
            stores.Key(App(context), request.StoreName, item.Key), item.Etag, item.Options)));

    public Task<Empty> ExecuteStateTransaction(ExecuteStateTransactionRequest request, ServerCallContext context) => WriteAsync(
        request.Operations.Select(operation =>
        {
            var key = stores.Key(App(context), request.StoreName, operation.Request?.Key ?? "");
            return operation.OperationType switch
            {
                "upsert" => StateRequests.Save(key, operation.Request ?? new StateItem(), time.GetUtcNow()),
                "delete" => StateRequests.Delete(key, operation.Request?.Etag, operation.Request?.Options),
                _ => throw new StateRefusedException(
                    StatusCode.Unimplemented, $"operation type '{operation.OperationType}' is not supported: it is 'upsert' or 'delete'"),
            };
        }));

    private static BulkStateItem Item(string key, StateValue? found) => found is null
        ? new BulkStateItem { Key = key }
        : new BulkStateItem { Key = key, Data = UnsafeByteOperations.UnsafeWrap(found.Data), Etag = found.Etag };

    private async Task<Empty> WriteAsync(IEnumerable<StateWrite> writes)
    {
        if (await stores.Table.WriteAsync([.. writes]) is { } mismatch)
        {
            throw new StateRefusedException(
                StatusCode.Aborted, $"possible etag mismatch: the stored version of '{mismatch.Key}' is another one. Read it again.");
        }

        return Nothing;
    }

    private static string App(ServerCallContext context) => context.GetHttpContext().App().App.Id;
}
