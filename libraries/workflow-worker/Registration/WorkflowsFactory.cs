using System.Diagnostics.CodeAnalysis;
using Dapr.Workflow.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>The registry behind <see cref="IWorkflowsFactory"/>.</summary>
internal sealed partial class WorkflowsFactory(ILogger<WorkflowsFactory> logger) : IWorkflowsFactory
{
    private readonly Dictionary<string, Func<IServiceProvider, IWorkflow>> _workflows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<IServiceProvider, IWorkflowActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow =>
        Add(_workflows, name ?? typeof(TWorkflow).Name, services => ActivatorUtilities.CreateInstance<TWorkflow>(services));

    public void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation)
    {
        var workflow = new FunctionWorkflow<TInput, TOutput>(implementation);
        Add(_workflows, name, _ => workflow);
    }

    public void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity =>
        Add(_activities, name ?? typeof(TActivity).Name, services => ActivatorUtilities.CreateInstance<TActivity>(services));

    public void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation)
    {
        var activity = new FunctionActivity<TInput, TOutput>(implementation);
        Add(_activities, name, _ => activity);
    }

    public bool TryCreateWorkflow(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflow? workflow,
        out Exception? activationException) =>
        TryCreate(_workflows, identifier, serviceProvider, out workflow, out activationException);

    public bool TryCreateActivity(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflowActivity? activity,
        out Exception? activationException) =>
        TryCreate(_activities, identifier, serviceProvider, out activity, out activationException);

    private void Add<T>(Dictionary<string, Func<IServiceProvider, T>> registry, string name, Func<IServiceProvider, T> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!registry.TryAdd(name, make))
        {
            Log.AlreadyRegistered(logger, name);
        }
    }

    private static bool TryCreate<T>(
        Dictionary<string, Func<IServiceProvider, T>> registry,
        string name,
        IServiceProvider services,
        [NotNullWhen(true)] out T? instance,
        out Exception? activationException)
        where T : class
    {
        instance = null;
        activationException = null;
        if (!registry.TryGetValue(name, out var make))
        {
            return false;
        }

        try
        {
            instance = make(services);
            return true;
        }
        catch (Exception exception)
        {
            activationException = exception;
            return false;
        }
    }

    private sealed class FunctionWorkflow<TInput, TOutput>(Func<WorkflowContext, TInput, Task<TOutput>> run) : Workflow<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(WorkflowContext context, TInput input) => run(context, input);
    }

    // Not a WorkflowActivity<,>: with TInput = object its two RunAsync overloads would clash.
    private sealed class FunctionActivity<TInput, TOutput>(Func<WorkflowActivityContext, TInput, Task<TOutput>> run) : IWorkflowActivity
    {
        public Type InputType => typeof(TInput);

        public Type OutputType => typeof(TOutput);

        public async Task<object?> RunAsync(WorkflowActivityContext context, object? input) =>
            await run(context, input is null ? default! : (TInput)input);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "'{Name}' is registered already; the first registration stays.")]
        public static partial void AlreadyRegistered(ILogger logger, string name);
    }
}
