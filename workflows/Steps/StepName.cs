using Google.Protobuf;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>A step: which service has it, and what it is called there. In histories it is one text, <c>APP/STEP</c>.</summary>
/// <param name="App">The service's app id.</param>
/// <param name="Step">The step's name.</param>
internal sealed record StepName(string App, string Step)
{
    /// <exception cref="FormatException">The text names no step.</exception>
    public static StepName Parse(string text) =>
        text.Split('/') is [var app, var step] ? new StepName(app, step) : throw new FormatException($"'{text}' names no step.");

    public override string ToString() => $"{App}/{Step}";
}

/// <summary>A step of a rollout.</summary>
/// <param name="Name">The step.</param>
/// <param name="SpecOf">What it is to bring about; null: this request does not want it there.</param>
/// <param name="IsLong">Whether an apply may take minutes; only of a step that is never undone.</param>
internal sealed record StepDefinition(StepName Name, Func<FleetInstallRequest, StepScope, IMessage?> SpecOf, bool IsLong = false);
