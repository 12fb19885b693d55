using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Failures;

/// <summary>A call of an API server is refused.</summary>
internal sealed class KubeFailure(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Code { get; } = code;

    /// <summary>The reason of the <c>Status</c>.</summary>
    public string Reason { get; } = reason;

    public JsonObject? Details { get; } = details;

    /// <summary>The token to go on with a list all the same; empty: there is none.</summary>
    public string Continue { get; init; } = "";

    public Answer Answer => new(Code, Status) { RetryAfter = (int?)Objects.ObjectMeta.Number(Details, "retryAfterSeconds") };

    /// <summary>The body by which an API server says so.</summary>
    public JsonObject Status
    {
        get
        {
            var status = new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = Continue.Length > 0 ? new JsonObject { ["continue"] = Continue } : [],
                ["status"] = "Failure",
                ["message"] = Message,
            };
            if (Reason.Length > 0)
            {
                status["reason"] = Reason;
            }

            if (Details is not null)
            {
                status["details"] = Details.DeepClone();
            }

            status["code"] = Code;
            return status;
        }
    }
}
