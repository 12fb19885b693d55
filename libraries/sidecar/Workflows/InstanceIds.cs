using Grpc.Core;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Which instance ids are accepted: those that daprd accepts, whose scheduler makes a job's name of each.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 255;

    /// <exception cref="WorkflowRefusedException">The id isn't accepted.</exception>
    public static void Check(string id)
    {
        if (id.Length is 0 or > MaxLength || id[0] == '.' || id.Contains("..", StringComparison.Ordinal) || !id.All(IsAllowed))
        {
            throw new WorkflowRefusedException(
                StatusCode.Unknown,
                $"job name is invalid: an instance id has 1 to {MaxLength} letters, digits, '-', '_', '.', ':' or blanks, and doesn't begin with a dot or have two in a row: '{id}'");
        }
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or ' ';
}
