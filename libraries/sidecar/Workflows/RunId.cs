namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>One run of one instance. Ids are used again, rows and generations together never are.</summary>
/// <param name="Row">The instance's key in the state file.</param>
/// <param name="Generation">Which of the instance's runs.</param>
internal readonly record struct RunId(long Row, int Generation);
