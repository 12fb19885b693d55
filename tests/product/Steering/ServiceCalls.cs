using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.AspNetCore.Server;
using MeshWorkflow.Protos.Steps.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>Stands in front of the four services: keeps every call of theirs in its order, and holds those that a test wants held.</summary>
internal sealed class ServiceCalls : Interceptor
{
    private readonly Lock _gate = new();
    private readonly List<ServiceCall> _seen = [];
    private readonly List<CallHold> _holds = [];

    /// <summary>All calls that have begun.</summary>
    public IReadOnlyList<ServiceCall> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Stands in front of an app that is being built.</summary>
    public void Listen(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(this);
        builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<ServiceCalls>());
    }

    /// <summary>Holds a call of a rollout, however often it is delivered, until it is let go.</summary>
    public CallHold Hold(string rollout, string scope, CallPoint point)
    {
        var hold = new CallHold(rollout, scope, point);
        lock (_gate)
        {
            _holds.Add(hold);
        }

        return hold;
    }

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (CallOf(request) is not { } call)
        {
            return await continuation(request, context);
        }

        var seen = Begin(call, MethodOf(request, context));
        await PassAsync(seen, HoldSide.Before);
        try
        {
            var answer = await continuation(request, context);
            await PassAsync(seen, HoldSide.After);
            return answer;
        }
        finally
        {
            seen.HasEnded = true;
        }
    }

    private ServiceCall Begin(Call call, string method)
    {
        lock (_gate)
        {
            var seen = new ServiceCall(_seen.Count + 1, call.Rollout, call.Scope, method, call.Step);
            _seen.Add(seen);
            return seen;
        }
    }

    private Task PassAsync(ServiceCall seen, HoldSide side)
    {
        lock (_gate)
        {
            return _holds.Find(hold => hold.Fits(seen, side))?.PassAsync() ?? Task.CompletedTask;
        }
    }

    // Each service has messages of its own; what they have in common is the call.
    private static Call? CallOf(object request) =>
        request is IMessage message ? message.Descriptor.FindFieldByName("call")?.Accessor.GetValue(message) as Call : null;

    // Preflight makes plans that nobody carries out, before any epoch.
    private static string MethodOf(object request, ServerCallContext context) => request switch
    {
        VerifyRequest { Side: Side.Before } => "VerifyUndo",
        PlanRequest { Call.Epoch: 0 } => "Look",
        _ => context.Method[(context.Method.LastIndexOf('/') + 1)..],
    };
}

/// <summary>A call of a service.</summary>
internal sealed class ServiceCall(int number, string rollout, string scope, string method, string step)
{
    public int Number => number;

    public string Rollout => rollout;

    public string Scope => scope;

    public string Method => method;

    public string Step => step;

    public bool HasEnded { get; set; }
}

/// <summary>A place in a rollout: a call of a step, before or after it has done its work.</summary>
internal sealed record CallPoint(string Method, string Step, HoldSide Side = HoldSide.Before)
{
    public override string ToString() => $"{(Side is HoldSide.Before ? "before" : "after")} {Method} {Step}";
}

internal enum HoldSide
{
    Before,
    After,
}

/// <summary>One call that is held.</summary>
internal sealed class CallHold(string rollout, string scope, CallPoint point)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Scope => scope;

    public CallPoint Point => point;

    /// <summary>Waits until the call is there.</summary>
    public async Task ReachedAsync()
    {
        try
        {
            await _reached.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{scope} never came {point}.");
        }
    }

    public void Release() => _released.TrySetResult();

    public bool Fits(ServiceCall call, HoldSide side) => !_released.Task.IsCompleted
        && side == point.Side
        && (rollout, scope, point.Method, point.Step) == (call.Rollout, call.Scope, call.Method, call.Step);

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _released.Task;
    }
}
