using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The profiles of the release: what lies under everything that is given.</summary>
internal static class Profiles
{
    private const string Otherwise = "default";

    // The program is in lib/, beside it are bin/ and manifests/.
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "..", "manifests", "profiles");

    /// <summary>Lays a spec over the profile that it names.</summary>
    public static JsonObject Under(JsonObject spec)
    {
        var name = spec["profile"]?.ToString() ?? Otherwise;
        var file = Path.Combine(Folder, $"{name}.yaml");
        var known = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.yaml").Select(Path.GetFileNameWithoutExtension) : [];
        return known.Contains(name)
            ? StrategicMerge.Of(YamlText.Read(File.ReadAllText(file)).FirstOrDefault()?["spec"] as JsonObject ?? [], spec)
            : throw new FormatException($"unknown profile \"{name}\"");
    }
}
