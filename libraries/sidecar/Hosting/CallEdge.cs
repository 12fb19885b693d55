using Grpc.Core;
using Grpc.Core.Interceptors;
using MeshWorkflow.Sidecar.State;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Sidecar.Workflows;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>
/// The edge of every call. Nothing is answered before all that the answer can tell of is on disk. What the parts refuse becomes a
/// gRPC status; anything else is an error without detail, logged once, here.
/// </summary>
internal sealed partial class CallEdge(Database database, ILogger<CallEdge> logger) : Interceptor
{
    private const int DiskFull = 13;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            try
            {
                return await continuation(request, context);
            }
            finally
            {
                await database.FlushAsync();
            }
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(Status(exception, context));
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(Status(exception, context));
        }
    }

    private Status Status(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case WorkflowRefusedException refused:
                return new Status(refused.Status, refused.Message);
            case StateRefusedException refused:
                return new Status(refused.Status, refused.Message);
            case TurnRejectedException rejected:
                return new Status(StatusCode.InvalidArgument, rejected.Message);
            case StateFileException unusable:
                return new Status(StatusCode.Unavailable, unusable.Message);
            case OperationCanceledException:
                return new Status(StatusCode.Cancelled, "The call was cancelled.");
            case SqliteException { SqliteErrorCode: DiskFull }:
                return new Status(StatusCode.ResourceExhausted, "The sidecar's disk is full. Nothing of this call was stored; try again when there is room.");
            default:
                Log.Failed(logger, exception, context.Method);
                return new Status(StatusCode.Internal, "The sidecar failed; its log says why.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string method);
    }
}
