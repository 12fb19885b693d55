using System.Reflection;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The profiles that the program has in itself, the same as in the release's manifests: what lies under everything that is given.</summary>
internal static class Profiles
{
    private const string Otherwise = "default";

    /// <summary>Lays a spec over the profile that it names.</summary>
    public static JsonObject Under(JsonObject spec)
    {
        var name = spec["profile"]?.ToString() ?? Otherwise;
        using var profile = Assembly.GetExecutingAssembly().GetManifestResourceStream($"profiles/{name}.yaml")
            ?? throw new FormatException($"unknown profile \"{name}\"");
        using var reader = new StreamReader(profile);
        return StrategicMerge.Of(YamlText.Read(reader.ReadToEnd()).FirstOrDefault()?["spec"] as JsonObject ?? [], spec);
    }
}
