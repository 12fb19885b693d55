using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Failures;

/// <summary>The reason of a refusal on order, where it doesn't say one in Kubernetes' words.</summary>
internal static class FaultReasons
{
    public static string Of(FaultSpec fault) => fault.Code.Contains('_', StringComparison.Ordinal) || !fault.Code.Any(char.IsLower)
        ? OfStatus(fault.Status)
        : fault.Code;

    private static string OfStatus(int status) => status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
}
