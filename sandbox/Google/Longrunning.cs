using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>Operations as google.longrunning has them, with the metadata of one API.</summary>
/// <param name="api">The API's short name.</param>
/// <param name="metadataType">The type of its metadata.</param>
/// <param name="operations">All operations.</param>
internal sealed class Longrunning(string api, string metadataType, Operations operations)
{
    public JsonObject Show(Operation operation)
    {
        var metadata = new JsonObject
        {
            ["@type"] = $"type.googleapis.com/{metadataType}",
            ["createTime"] = Times.Text(operation.Begun),
            ["target"] = operation.Target[$"//{api}.googleapis.com/".Length..],
            ["verb"] = operation.Verb,
            ["apiVersion"] = "v1",
        };
        if (operation.Ended is { } ended)
        {
            metadata["endTime"] = Times.Text(ended);
        }

        return operation.ShowEnd(new JsonObject { ["name"] = operation.Name, ["metadata"] = metadata }, showRunning: true);
    }

    public Answer Get(GoogleRequest request) => new(200, Show(Find(request)));

    public Answer List(GoogleRequest request)
    {
        var parent = $"{request.Project.RelativeName}/locations/{request.Part("location")}/operations/";
        var passes = Filter.Read(request.Query("filter"));
        return Page.Of(request, "operations", operations.All.Where(each => each.Start.Parent == parent && IsMine(each)).Select(Show).Where(passes), 500, 1000);
    }

    public Answer Cancel(GoogleRequest request)
    {
        operations.Cancel(Find(request));
        return new Answer(200, new JsonObject());
    }

    private bool IsMine(Operation operation) => operation.Target.StartsWith($"//{api}.", StringComparison.Ordinal);

    private Operation Find(GoogleRequest request) => operations.Find(request.Name) is { } operation && IsMine(operation)
        ? operation
        : throw new GoogleFailure(GoogleErrors.NotFound(request.Name));
}
