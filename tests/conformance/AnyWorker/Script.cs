using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>What a scripted sidecar is to say, and what was said to it.</summary>
internal sealed class Script(int refusals)
{
    private readonly ConcurrentDictionary<Type, ConcurrentQueue<object>> _answers = [];

    public static WorkItem EndOfStream { get; } = new();

    public Channel<WorkItem> Work { get; } = Channel.CreateUnbounded<WorkItem>();

    public ConcurrentDictionary<string, TaskCompletionSource<WorkflowResponse>> Turns { get; } = [];

    public ConcurrentDictionary<(string, int), TaskCompletionSource<ActivityResponse>> Calls { get; } = [];

    public ConcurrentQueue<IMessage> Asked { get; } = [];

    public Tally Opened { get; } = new();

    public Tally Hellos { get; } = new();

    public Metadata Headers { get; private set; } = [];

    public void Open(Metadata headers)
    {
        Headers = headers;
        if (Opened.Add() <= refusals)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "not yet"));
        }
    }

    public void Answer(Type request, object[] answers) => _answers[request] = new ConcurrentQueue<object>(answers);

    public Task<T> AnswerTo<T>(IMessage request, ServerCallContext context)
        where T : class, IMessage, new()
    {
        Headers = context.RequestHeaders;
        Asked.Enqueue(request);
        var answers = _answers.GetValueOrDefault(request.GetType());
        object? answer = null;
        if (answers is not null && (answers.Count > 1 ? answers.TryDequeue(out answer) : answers.TryPeek(out answer)) && answer is Status refusal)
        {
            throw new RpcException(refusal);
        }

        return Task.FromResult(answer as T ?? new T());
    }
}
