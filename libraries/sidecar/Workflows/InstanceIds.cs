using Grpc.Core;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Which instance ids are accepted: those that daprd accepts, whose scheduler makes a job's name of each.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 255;

    /// <exception cref="WorkflowRefusedException">The id isn't accepted.</exception>
    public static void Check(string id)
    {
        if (!IsValid(id))
        {
            throw new WorkflowRefusedException(StatusCode.Unknown, Mistake(id));
        }
    }

    public static bool IsValid(string id) =>
        id.Length is > 0 and <= MaxLength && id[0] != '.' && !id.Contains("..", StringComparison.Ordinal) && id.All(IsAllowed);

    public static string Mistake(string id) =>
        $"job name is invalid: an instance id has 1 to {MaxLength} letters, digits, '-', '_', '.', ':' or blanks, and doesn't begin with a dot or have two in a row: '{id}'";

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or ' ';
}
