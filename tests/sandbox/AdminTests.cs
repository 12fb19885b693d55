using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Sandbox;

public sealed class AdminTests : IAsyncLifetime
{
    private const string MeshA = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-admin-").FullName;
    private SandboxHost _sandbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxHost.StartAsync(
        new SandboxOptions { Folder = _folder, OperationTime = TimeSpan.FromMilliseconds(10) }, Token);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Admin_NoToken_IsRefused()
    {
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(_sandbox.Addresses.Admin, "v1/snapshot"), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public void Folder_Files_AreTheirOwnersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        foreach (var file in (string[])["credentials.json", "admin-token", "sandbox.json"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(Path.Combine(_folder, file)));
        }
    }

    [Fact]
    public async Task Diff_LabelsSet_ShowsThemAndTheJournalTheCall()
    {
        using var admin = SandboxAdmin.Of(_folder);
        var before = await admin.SnapshotAsync(Token);
        var fingerprint = before.Resources[MeshA]["labelFingerprint"]?.GetValue<string>();

        await PostAsync($"container/v1/{MeshA["//container.googleapis.com/".Length..]}:setResourceLabels", $$"""{"resourceLabels":{"env":"other"},"labelFingerprint":"{{fingerprint}}"}""");
        IReadOnlyList<WorldDifference> differences = [];
        while (differences.Count == 0)
        {
            differences = await admin.DiffAsync(before, Token);
        }

        var difference = Assert.Single(differences);
        Assert.Equal((MeshA, "resourceLabels.env"), (difference.Resource, difference.Path));
        Assert.Equal(("demo", "other"), (difference.Before?.GetValue<string>(), difference.After?.GetValue<string>()));
        Assert.Contains(await admin.JournalAsync(after: 0, Token), entry => entry.Method == "clusters.setResourceLabels" && entry.Status == 200);
        Assert.Empty(WorldDiff.Compare(before, before));
    }

    [Fact]
    public void Compare_WhatServersWrite_DoesNotCount()
    {
        var before = Deployment("""{"metadata":{"name":"d","uid":"1","resourceVersion":"1","annotations":{"deployment.kubernetes.io/revision":"1"}},"spec":{"replicas":1},"status":{"x":1}}""");
        var after = Deployment("""{"metadata":{"name":"d","uid":"2","resourceVersion":"9"},"spec":{"replicas":1}}""");
        var changed = Deployment("""{"metadata":{"name":"d","uid":"1"},"spec":{"replicas":2}}""");

        Assert.Empty(WorldDiff.Compare(before, after));
        Assert.Equal("spec.replicas", Assert.Single(WorldDiff.Compare(before, changed)).Path);
    }

    [Fact]
    public void Compare_ReplicasUnderAnAutoscaler_DoNotCount()
    {
        var autoscaler = JsonNode.Parse("""{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"}}}""");
        var before = Deployment("""{"metadata":{"name":"d"},"spec":{"replicas":1}}""", autoscaler);
        var after = Deployment("""{"metadata":{"name":"d"},"spec":{"replicas":5}}""", autoscaler);

        Assert.Empty(WorldDiff.Compare(before, after));
    }

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file);

    private static WorldSnapshot Deployment(string json, JsonNode? autoscaler = null)
    {
        var resources = new Dictionary<string, JsonNode> { [$"{MeshA}/k8s/namespaces/n/apps/deployments/d"] = JsonNode.Parse(json)! };
        if (autoscaler is not null)
        {
            resources[$"{MeshA}/k8s/namespaces/n/autoscaling/horizontalpodautoscalers/h"] = autoscaler;
        }

        return new WorldSnapshot(resources);
    }

    private async Task PostAsync(string path, string body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_sandbox.Addresses.Google, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", _sandbox.TokenFor("user:owner@example.com"));
        using var response = await http.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
