using System.Net;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.KubernetesApi;

namespace MeshWorkflow.Steps.Calls;

/// <summary>What a plan can't see only because steps in front of it have not run yet.</summary>
public static class Ahead
{
    /// <summary>The step that grants roles.</summary>
    public const string Roles = "roles";

    /// <summary>The step that enables APIs.</summary>
    public const string Apis = "apis";

    /// <summary>Which step ahead will mend a failed read.</summary>
    /// <param name="exception">How the read failed.</param>
    /// <param name="ahead">The steps ahead.</param>
    /// <returns>The step, or <see langword="null"/>: none.</returns>
    public static string? Of(Exception exception, IReadOnlyCollection<string> ahead)
    {
        var mends = exception switch
        {
            GoogleCallException { Reason: "SERVICE_DISABLED" } => Apis,
            GoogleCallException { Status: "PERMISSION_DENIED", IsPassing: false, IsKeptOut: false } => Roles,
            ClusterCallException { Status: HttpStatusCode.Forbidden } => Roles,
            _ => null,
        };
        return mends is not null && ahead.Contains(mends) ? mends : null;
    }
}
