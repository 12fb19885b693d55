using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>A list as Compute Engine writes it.</summary>
internal static class ComputeList
{
    private const int MaxResults = 500;

    public static Answer Of(GoogleRequest request, string kind, IEnumerable<JsonObject> items)
    {
        var page = Page.Of(request, "items", items.Where(Filter.Read(request.Query("filter"))), MaxResults, MaxResults, "maxResults");
        var list = new JsonObject { ["kind"] = kind, ["id"] = request.Name };
        foreach (var (field, value) in page.Body as JsonObject ?? [])
        {
            list[field] = value?.DeepClone();
        }

        list["selfLink"] = ComputeNames.Link(request.Name);
        return new Answer(200, list);
    }
}
