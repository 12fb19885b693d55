using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>Kubernetes Engine's own kind of operation.</summary>
internal sealed class ContainerOperations(Projects projects, Operations operations)
{
    private const string Prefix = "//container.googleapis.com/projects/";

    public Operations Base => operations;

    public JsonObject Show(Operation operation)
    {
        var path = operation.Target["//container.googleapis.com/".Length..].Split('/');
        var (project, location) = (path[1], path[3]);
        var parent = $"https://container.googleapis.com/v1/projects/{projects.Find(project)?.NumberText}/locations/{location}";
        var shown = new JsonObject
        {
            ["name"] = operation.Id,
            ["operationType"] = operation.Verb,
            ["status"] = operation.Ended is null ? "RUNNING" : "DONE",
            ["selfLink"] = $"{parent}/operations/{operation.Id}",
            ["targetLink"] = $"{parent}/{string.Join('/', path[4..])}",
            ["startTime"] = Times.Text(operation.Begun),
            ["zone"] = location,
            ["location"] = location,
        };
        if (operation.Ended is { } ended)
        {
            shown["endTime"] = Times.Text(ended);
        }

        if (operation.Result is { Code: not null } failed)
        {
            shown["statusMessage"] = failed.Message;
            shown["error"] = failed.ShowError();
        }

        return shown;
    }

    public Answer Get(GoogleRequest request) => new(200, Show(Find(request)));

    public Answer List(GoogleRequest request)
    {
        var location = request.Part("location");
        var shown = operations.All
            .Where(operation => IsIn(operation, request.Project, location))
            .Select(Show)
            .ToArray<JsonNode>();
        return new Answer(200, shown.Length == 0 ? [] : new JsonObject { ["operations"] = new JsonArray(shown) });
    }

    public Answer Cancel(GoogleRequest request)
    {
        var operation = Find(request);
        if (operation.Ended is not null)
        {
            return GoogleErrors.Of("FAILED_PRECONDITION", $"Operation {operation.Id} has finished and can't be cancelled.");
        }

        operations.Cancel(operation);
        return new Answer(200, new JsonObject());
    }

    private Operation Find(GoogleRequest request) =>
        operations.Find(request.Part("operation")) is { } operation && IsIn(operation, request.Project, request.Part("location"))
            ? operation
            : throw new GoogleFailure(GoogleErrors.Of("NOT_FOUND", $"Not found: {request.Name}."));

    private static bool IsIn(Operation operation, ProjectState project, string location) =>
        operation.Target.StartsWith(location == "-" ? $"{Prefix}{project.Id}/locations/" : $"{Prefix}{project.Id}/locations/{location}/", StringComparison.Ordinal);
}
