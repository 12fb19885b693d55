using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>The real gcloud, pointed at a sandbox.</summary>
internal sealed class Gcloud(string program, GoogleFixture sandbox) : IAsyncDisposable
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "gcloud"))
        .FirstOrDefault(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("gcloud-").FullName;

    public GoogleFixture Sandbox => sandbox;

    /// <summary>A folder of its own; <c>kubeconfig</c> in it is where it writes credentials of clusters.</summary>
    public string Folder => _folder;

    /// <summary>The key to use; null: an access token of the owner.</summary>
    public string? CredentialsFile { get; set; }

    /// <summary>The project that commands are about unless they say otherwise.</summary>
    public string Project { get; init; } = "prod-apps";

    /// <summary>Starts a sandbox, and gcloud that works on it. Where there is none the test is skipped.</summary>
    public static async Task<Gcloud> StartAsync(World? world = null, string project = "prod-apps")
    {
        Assert.SkipWhen(Program is null, "There is no gcloud on this machine's PATH.");
        return new Gcloud(Program ?? "", await GoogleFixture.StartAsync(world)) { Project = project };
    }

    public async Task<JsonNode> JsonAsync(string arguments) => JsonNode.Parse(await RunAsync($"{arguments} --format json"))!;

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<string> RunAsync(string arguments)
    {
        var (code, output, errors) = await TryAsync(arguments);
        Assert.True(code == 0, $"gcloud {arguments}: {code} {errors}");
        return output;
    }

    public async Task<(int Code, string Output, string Errors)> TryAsync(string arguments)
    {
        var token = Path.Combine(_folder, "token");
        if (!File.Exists(token))
        {
            await File.WriteAllTextAsync(token, sandbox.Host.TokenFor(GoogleFixture.Owner), TestContext.Current.CancellationToken);
        }

        var start = new ProcessStartInfo(program, arguments.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CLOUDSDK_CONFIG"] = _folder;
        start.Environment["KUBECONFIG"] = Path.Combine(_folder, "kubeconfig");
        start.Environment[CredentialsFile is null ? "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE" : "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"] = CredentialsFile ?? token;
        start.Environment["CLOUDSDK_CORE_PROJECT"] = Project;
        start.Environment["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1";
        start.Environment["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true";
        start.Environment["CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK"] = "true";
        start.Environment["CLOUDSDK_AUTH_TOKEN_HOST"] = $"{sandbox.Address}oauth2/token";
        foreach (var api in (string[])["cloudresourcemanager", "connectgateway", "container", "gkehub", "iam", "privateca", "serviceusage"])
        {
            start.Environment[$"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.ToUpperInvariant()}"] = $"{sandbox.Address}{api}/";
        }

        start.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"] = $"{sandbox.Address}compute/v1/";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
