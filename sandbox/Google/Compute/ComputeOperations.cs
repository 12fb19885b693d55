using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>Compute Engine's own kind of operation.</summary>
internal sealed class ComputeOperations(Operations operations, TimeProvider time)
{
    // The real server answers after about two minutes, whether it is done or not.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    public static JsonObject Show(Operation operation)
    {
        var target = operation.Target["//compute.googleapis.com/".Length..];
        var shown = new JsonObject
        {
            ["kind"] = "compute#operation",
            ["id"] = ComputeNames.NumberOf(operation.Name),
            ["name"] = operation.Id,
            ["operationType"] = operation.Verb,
            ["targetLink"] = ComputeNames.Link(target),
            ["targetId"] = ComputeNames.NumberOf(target),
            ["status"] = operation.Ended is null ? "RUNNING" : "DONE",
            ["user"] = operation.Principal[(operation.Principal.IndexOf(':', StringComparison.Ordinal) + 1)..],
            ["progress"] = operation.Ended is null ? 0 : 100,
            ["insertTime"] = Times.Pacific(operation.Begun),
            ["startTime"] = Times.Pacific(operation.Begun),
            ["selfLink"] = ComputeNames.Link(operation.Name),
        };
        if (operation.Ended is { } ended)
        {
            shown["endTime"] = Times.Pacific(ended);
        }

        if (operation.Result is { Code: { } code } failed)
        {
            var isQuota = code == "RESOURCE_EXHAUSTED";
            shown["httpErrorStatusCode"] = isQuota ? 403 : GoogleErrors.HttpOf(code);
            shown["httpErrorMessage"] = isQuota ? "FORBIDDEN" : code;
            shown["error"] = new JsonObject
            {
                ["errors"] = new JsonArray(new JsonObject { ["code"] = isQuota ? "QUOTA_EXCEEDED" : code, ["message"] = failed.Message }),
            };
        }

        return shown;
    }

    public Answer Get(GoogleRequest request) => new(200, Show(Find(request.Name)));

    public Answer List(GoogleRequest request)
    {
        var parent = $"{request.Project.RelativeName}/global/operations/";
        return ComputeList.Of(request, "compute#operationList", operations.All.Where(each => each.Start.Parent == parent && IsMine(each)).Select(Show));
    }

    /// <summary>Answers when the operation has ended, or after two minutes.</summary>
    public Answer Wait(GoogleRequest request)
    {
        var operation = Find(request.Name[..^"/wait".Length]);
        return new Answer(200)
        {
            Stream = async (response, cancellationToken) =>
            {
                await Task.WhenAny(operation.Completed, Task.Delay(MaxWait, time, cancellationToken));
                await response.Body.WriteAsync(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Show(operation), AnswerJson.Options), cancellationToken);
            },
        };
    }

    private static bool IsMine(Operation operation) => operation.Target.StartsWith("//compute.", StringComparison.Ordinal);

    private Operation Find(string name) =>
        operations.Find(name) is { } operation && IsMine(operation) ? operation : throw new GoogleFailure(ComputeErrors.NotFound(name));
}
