using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Cli.Client;

/// <summary>The API refused.</summary>
internal sealed class ApiRefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

/// <summary>The API did not answer.</summary>
internal sealed class ApiUnreachableException(string message) : Exception(message);
