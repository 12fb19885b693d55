using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Tests.Sandbox.Worlds;

public sealed class SavingRefusalTests : IAsyncLifetime
{
    private const string MeshA = "projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-saving-").FullName;
    private readonly HttpClient _http = new();
    private SandboxHost _sandbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder, "state.json");

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { Folder = _folder, OperationTime = TimeSpan.FromMinutes(10) }, Token);
        _http.BaseAddress = _sandbox.Addresses.Admin;
        _http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(_sandbox.Addresses.AdminTokenFile, Token)).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("{}", "This is no saved sandbox")]
    [InlineData("[1", "can't be read")]
    [InlineData("""{"format":"meshworkflow-sandbox-state","version":2}""", "saved in version 2 of its format; this sandbox reads version 1 alone")]
    [InlineData("""{"format":"meshworkflow-sandbox-state","version":1}""", "can't be read")]
    public async Task Restore_WhatIsNoSavedWorldOfThisVersion_IsRefused(string document, string why)
    {
        var (status, detail) = await RestoreAsync(document);

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains(why, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_StateOfAnotherWorld_IsRefusedBeforeAnythingChanges()
    {
        var folder = Path.Combine(_folder, "other");
        await using var other = await SandboxHost.StartAsync(
            new SandboxOptions { Folder = folder, World = World.Demo with { Clusters = [World.Demo.Clusters[0]] } }, Token);
        var before = _sandbox.Snapshot();

        var (status, detail) = await RestoreAsync(Encoding.UTF8.GetString((await other.SaveAsync(Token)).Write()));

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("other clusters", detail, StringComparison.Ordinal);
        AssertUnchanged(before);
    }

    [Fact]
    public async Task Restore_WorldThatBeganDifferently_IsRefused()
    {
        var document = await SaveAsync();
        document["world"]!["clusters"]![1]!["quirks"] = new JsonArray("updates-fail");

        var (status, detail) = await RestoreAsync(document.ToJsonString());

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("was not the same at its start", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memberships", """[{"fleet":"nowhere","location":"l","id":"m","content":{},"state":"READY","created":"2026-01-01T00:00:00Z","updated":"2026-01-01T00:00:00Z","uniqueId":"u"}]""")]
    [InlineData("policies", """[{"resource":"projects/demo-apps"}]""")]
    [InlineData("privateca", "7")]
    [InlineData("kubernetes/projects/demo-apps/locations/us-central1/clusters/mesh-a", "{}")]
    [InlineData("tokens", null)]
    public async Task Restore_PartThatIsWrong_IsRefusedBeforeAnythingChanges(string part, string? content)
    {
        var document = await SaveAsync();
        document["parts"]!["firewalls"]!.AsObject().Clear();
        if (content is null)
        {
            document["parts"]!.AsObject().Remove(part);
        }
        else
        {
            document["parts"]![part] = JsonNode.Parse(content);
        }

        var before = _sandbox.Snapshot();
        var (status, detail) = await RestoreAsync(document.ToJsonString());

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains($"'{part}'", detail, StringComparison.Ordinal);
        AssertUnchanged(before);
    }

    [Fact]
    public async Task Save_OperationUnderWay_IsRefusedAndARestoreEndsIt()
    {
        var saved = await SaveAsync();
        var before = _sandbox.Snapshot();
        using var http = new HttpClient { BaseAddress = _sandbox.Addresses.Google };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _sandbox.TokenFor("user:owner@example.com"));
        var fingerprint = before.Resources[$"//container.googleapis.com/{MeshA}"]["labelFingerprint"]?.GetValue<string>();
        using var content = new StringContent($$"""{"resourceLabels":{"env":"other"},"labelFingerprint":"{{fingerprint}}"}""", Encoding.UTF8, "application/json");
        using var begun = await http.PostAsync(new Uri($"container/v1/{MeshA}:setResourceLabels", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        var operation = JsonNode.Parse(await begun.Content.ReadAsStringAsync(Token))!["name"]!.GetValue<string>();

        using var refused = await _http.GetAsync(new Uri("v1/save?waitSeconds=0", UriKind.Relative), Token);
        var (status, _) = await RestoreAsync(saved.ToJsonString());
        using var again = await _http.GetAsync(new Uri("v1/save?waitSeconds=0", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(operation, await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        AssertUnchanged(before);
    }

    [Fact]
    public async Task Save_ToAFile_IsItsOwnersAloneAndCanBeRestored()
    {
        using var admin = SandboxAdmin.Of(_folder);
        await File.WriteAllTextAsync(StateFile, "older", Token);
        var before = _sandbox.Snapshot();

        await admin.SaveAsync(StateFile, Token);
        await admin.RestoreAsync(StateFile, Token);

        AssertUnchanged(before);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(StateFile));
        await File.WriteAllTextAsync(StateFile, "{}", Token);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => admin.RestoreAsync(StateFile, Token));
        Assert.StartsWith("This is no saved sandbox", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithASavedWorld_BeginsThereWithItsOwnAddresses()
    {
        using var admin = SandboxAdmin.Of(_folder);
        await admin.SaveAsync(StateFile, Token);
        var before = _sandbox.Snapshot();
        var token = _sandbox.TokenFor("user:ann@example.com");
        await admin.SaveAsync(StateFile, Token);
        var saved = await SavedWorld.FindAsync(StateFile, Token);
        var folder = Path.Combine(_folder, "second");

        await using var second = await SandboxHost.StartAsync(new SandboxOptions { Folder = folder, World = saved!.World, Saved = saved }, Token);

        var after = second.Snapshot();
        var differences = WorldDiff.Compare(before, after);
        Assert.All(differences, difference => Assert.Contains(
            difference.Path, (string[])["endpoint", "masterAuth.clusterCaCertificate", "data[\"ca.crt\"]", "controlPlaneEndpointsConfig.ipEndpointsConfig.publicEndpoint"]));
        var authority = after.Resources[$"//container.googleapis.com/{MeshA}"]["masterAuth"]!["clusterCaCertificate"]!.GetValue<string>();
        Assert.Equal(
            Encoding.UTF8.GetString(Convert.FromBase64String(authority)),
            after.Resources[$"//container.googleapis.com/{MeshA}/k8s/namespaces/default/configmaps/kube-root-ca.crt"]["data"]!["ca.crt"]!.GetValue<string>());
        using var http = new HttpClient { BaseAddress = second.Addresses.Google };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var known = await http.GetAsync(new Uri("cloudresourcemanager/v1/projects", UriKind.Relative), Token);
        Assert.NotEqual(HttpStatusCode.Unauthorized, known.StatusCode);
    }

    [Fact]
    public async Task Find_AWorldFile_IsNoSavedWorld()
    {
        await File.WriteAllTextAsync(StateFile, "projects: []", Token);

        Assert.Null(await SavedWorld.FindAsync(StateFile, Token));
    }

    private void AssertUnchanged(WorldSnapshot before)
    {
        var after = _sandbox.Snapshot();
        Assert.Empty(WorldDiff.Compare(before, after));
        Assert.True(JsonNode.DeepEquals(JsonOf(before), JsonOf(after)));
    }

    private static JsonObject JsonOf(WorldSnapshot world) => new(world.Resources.Select(resource => KeyValuePair.Create(resource.Key, (JsonNode?)resource.Value.DeepClone())));

    private async Task<JsonObject> SaveAsync() => (JsonObject)JsonNode.Parse(await _http.GetStringAsync(new Uri("v1/save", UriKind.Relative), Token))!;

    private async Task<(HttpStatusCode Status, string Detail)> RestoreAsync(string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri("v1/restore", UriKind.Relative), content, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? "" : JsonNode.Parse(text)!["detail"]!.GetValue<string>());
    }
}
