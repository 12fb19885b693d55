using Dapr.Workflow.Abstractions;
using Dapr.Workflow.Worker;
using Grpc.Net.Client;

namespace Dapr.Workflow;

/// <summary>What an app's worker runs.</summary>
public sealed class WorkflowRuntimeOptions
{
    private readonly List<Action<IWorkflowsFactory>> _registrations = [];

    /// <summary>The channel options in force, if any were set. Only the message size limits count.</summary>
    public GrpcChannelOptions? GrpcChannelOptions { get; private set; }

    /// <summary>Sets message size limits towards the sidecar.</summary>
    /// <param name="grpcChannelOptions">The options; only their message size limits count.</param>
    public void UseGrpcChannelOptions(GrpcChannelOptions grpcChannelOptions)
    {
        ArgumentNullException.ThrowIfNull(grpcChannelOptions);
        GrpcChannelOptions = grpcChannelOptions;
    }

    /// <summary>Registers a workflow class.</summary>
    /// <typeparam name="TWorkflow">The class.</typeparam>
    /// <param name="name">Its name; the class's simple name by default.</param>
    public void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow =>
        _registrations.Add(factory => factory.RegisterWorkflow<TWorkflow>(name));

    /// <summary>Registers a function as a workflow.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="implementation">The function.</param>
    public void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation) =>
        _registrations.Add(factory => factory.RegisterWorkflow(name, implementation));

    /// <summary>Registers an activity class.</summary>
    /// <typeparam name="TActivity">The class.</typeparam>
    /// <param name="name">Its name; the class's simple name by default.</param>
    public void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity =>
        _registrations.Add(factory => factory.RegisterActivity<TActivity>(name));

    /// <summary>Registers a function as an activity.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="implementation">The function.</param>
    public void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation) =>
        _registrations.Add(factory => factory.RegisterActivity(name, implementation));

    /// <summary>Hands everything that was registered to a factory.</summary>
    /// <param name="factory">The factory.</param>
    public void ApplyRegistrations(IWorkflowsFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _registrations.ForEach(register => register(factory));
    }
}
