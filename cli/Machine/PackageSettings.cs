using System.Text.Json.Nodes;
using MeshWorkflow.MeshPackage;

namespace MeshWorkflow.Cli.Machine;

/// <summary>
/// Where a command has mesh packages from: as <c>MESHWF_MeshPackage__…</c> in the environment says, else as the process that runs on the
/// state folder, else Google's.
/// </summary>
internal static class PackageSettings
{
    private const string Section = "MeshPackage";

    public static async Task WriteAsync(StateFolder folder, IConfiguration settings, CancellationToken cancellationToken)
    {
        var fields = settings.GetSection(Section).GetChildren()
            .Where(field => field.Value is not null)
            .Select(field => KeyValuePair.Create(field.Key, (JsonNode?)JsonValue.Create(field.Value)));
        await File.WriteAllTextAsync(folder.PackageFile, new JsonObject { [Section] = new JsonObject(fields) }.ToJsonString(), cancellationToken);
    }

    public static PackageOptions Read(StateFolder folder, string? config = null)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(folder.PackageFile, optional: true, reloadOnChange: false);
        if (config is not null)
        {
            settings.AddJsonFile(Path.GetFullPath(config), optional: false, reloadOnChange: false);
        }

        return settings.AddEnvironmentVariables("MESHWF_").Build().GetSection(Section).Get<PackageOptions>() ?? new PackageOptions();
    }
}
