using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace MeshWorkflow.Sidecar.State;

/// <summary>Binds Dapr's runtime API: its package has the messages and a client, but no base class for a server.</summary>
internal sealed class DaprRuntimeMethods : IServiceMethodProvider<DaprRuntimeService>
{
    private const string Service = "dapr.proto.runtime.v1.Dapr";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DaprRuntimeService> context)
    {
        Add(context, GetStateRequest.Parser, GetStateResponse.Parser, "GetState", (s, r, c) => s.GetState(r, c));
        Add(context, GetBulkStateRequest.Parser, GetBulkStateResponse.Parser, "GetBulkState", (s, r, c) => s.GetBulkState(r, c));
        Add(context, SaveStateRequest.Parser, Empty.Parser, "SaveState", (s, r, c) => s.SaveState(r, c));
        Add(context, DeleteStateRequest.Parser, Empty.Parser, "DeleteState", (s, r, c) => s.DeleteState(r, c));
        Add(context, DeleteBulkStateRequest.Parser, Empty.Parser, "DeleteBulkState", (s, r, c) => s.DeleteBulkState(r, c));
        Add(
            context,
            ExecuteStateTransactionRequest.Parser,
            Empty.Parser,
            "ExecuteStateTransaction",
            (s, r, c) => s.ExecuteStateTransaction(r, c));
        Add(context, QueryStateRequest.Parser, QueryStateResponse.Parser, "QueryStateAlpha1", (s, r, c) => s.QueryState(r, c));
        Add(context, GetMetadataRequest.Parser, GetMetadataResponse.Parser, "GetMetadata", (s, r, c) => s.GetMetadata(r, c));
        Add(context, SetMetadataRequest.Parser, Empty.Parser, "SetMetadata", (s, r, c) => s.SetMetadata(r, c));
    }

    private static void Add<TRequest, TResponse>(
        ServiceMethodProviderContext<DaprRuntimeService> context,
        MessageParser<TRequest> requests,
        MessageParser<TResponse> responses,
        string name,
        UnaryServerMethod<DaprRuntimeService, TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        context.AddUnaryMethod(
            new Method<TRequest, TResponse>(MethodType.Unary, Service, name, Marshal(requests), Marshal(responses)), [], handler);

    private static Marshaller<T> Marshal<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => Marshallers.Create(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
