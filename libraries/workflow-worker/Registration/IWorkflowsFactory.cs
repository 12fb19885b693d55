using System.Diagnostics.CodeAnalysis;
using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow.Worker;

/// <summary>Knows the app's workflows and activities and makes them. Names are looked up without regard to case; the first of a name stays.</summary>
public interface IWorkflowsFactory
{
    /// <summary>Registers a workflow class.</summary>
    /// <typeparam name="TWorkflow">The class; made anew for each turn, with constructor injection.</typeparam>
    /// <param name="name">Its name; the class's simple name by default.</param>
    void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow;

    /// <summary>Registers a function as a workflow.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="implementation">The function.</param>
    void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation);

    /// <summary>Registers an activity class.</summary>
    /// <typeparam name="TActivity">The class; made anew for each call, with constructor injection.</typeparam>
    /// <param name="name">Its name; the class's simple name by default.</param>
    void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity;

    /// <summary>Registers a function as an activity.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="implementation">The function.</param>
    void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation);

    /// <summary>Makes a workflow.</summary>
    /// <param name="identifier">Its name.</param>
    /// <param name="serviceProvider">The scope that its dependencies come from.</param>
    /// <param name="workflow">The workflow.</param>
    /// <param name="activationException">Why it is registered but can't be made.</param>
    /// <returns>Whether it was made.</returns>
    bool TryCreateWorkflow(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflow? workflow,
        out Exception? activationException);

    /// <summary>Makes an activity.</summary>
    /// <param name="identifier">Its name.</param>
    /// <param name="serviceProvider">The scope that its dependencies come from.</param>
    /// <param name="activity">The activity.</param>
    /// <param name="activationException">Why it is registered but can't be made.</param>
    /// <returns>Whether it was made.</returns>
    bool TryCreateActivity(
        TaskIdentifier identifier,
        IServiceProvider serviceProvider,
        [NotNullWhen(true)] out IWorkflowActivity? activity,
        out Exception? activationException);
}
