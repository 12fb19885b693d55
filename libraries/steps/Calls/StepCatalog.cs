using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Calls;

/// <summary>The steps of one service, by name.</summary>
internal sealed class StepCatalog
{
    private readonly Dictionary<string, IStep> _steps;
    private readonly string _app;

    public StepCatalog(string app, IEnumerable<IStep> steps)
    {
        _app = app;
        _steps = steps.ToDictionary(step => step.Name, StringComparer.Ordinal);
    }

    public IStep? Find(Call? call) => call is null ? null : _steps.GetValueOrDefault(NameOf(call));

    /// <exception cref="MeshException">There is no such step here.</exception>
    public IStep For(Call call) => _steps.TryGetValue(NameOf(call), out var step)
        ? step
        : throw new MeshException(
            "STEP_UNKNOWN",
            $"The service '{_app}' has no step '{call.Step}'{Known()}.",
            "Orchestrator and services must be of the same release.");

    // Of a step that a scope has several of, what tells them apart stands behind an @.
    private static string NameOf(Call call) => call.Step.Split('@')[0];

    private string Known() => _steps.Count == 0 ? "; it has none yet" : $"; it has: {string.Join(", ", _steps.Keys.Order(StringComparer.Ordinal))}";
}
