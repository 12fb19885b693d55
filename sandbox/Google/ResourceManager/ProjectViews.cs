using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.ResourceManager;

/// <summary>A project, as the versions of its API show it.</summary>
internal static class ProjectViews
{
    private const string Made = "2025-03-04T05:06:07.891Z";
    private const string Folder = "555000555000";

    public static JsonObject V1(ProjectState project) => WithLabels(project, new JsonObject
    {
        ["projectNumber"] = project.NumberText,
        ["projectId"] = project.Id,
        ["lifecycleState"] = "ACTIVE",
        ["name"] = project.Name,
        ["createTime"] = Made,
        ["parent"] = new JsonObject { ["type"] = "folder", ["id"] = Folder },
    });

    public static JsonObject V3(ProjectState project) => WithLabels(project, new JsonObject
    {
        ["name"] = $"projects/{project.NumberText}",
        ["parent"] = $"folders/{Folder}",
        ["projectId"] = project.Id,
        ["state"] = "ACTIVE",
        ["displayName"] = project.Name,
        ["createTime"] = Made,
        ["updateTime"] = Made,
        ["etag"] = "W/\"0a1b2c3d4e5f6071\"",
    });

    private static JsonObject WithLabels(ProjectState project, JsonObject shown)
    {
        if (project.Labels.Count > 0)
        {
            shown["labels"] = new JsonObject(project.Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        }

        return shown;
    }
}
