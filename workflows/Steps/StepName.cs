namespace MeshWorkflow.Workflows.Steps;

/// <summary>A step: which service has it, and what it is called there.</summary>
/// <param name="App">The service's app id.</param>
/// <param name="Step">The step's name.</param>
internal sealed record StepName(string App, string Step);
