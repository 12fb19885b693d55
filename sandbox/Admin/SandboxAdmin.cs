using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Sandbox.Admin;

/// <summary>Calls the admin endpoint of a sandbox that runs, as its owner.</summary>
public sealed class SandboxAdmin : IDisposable
{
    private readonly HttpClient _http;

    private SandboxAdmin(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Finds the sandbox of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its admin endpoint.</returns>
    /// <exception cref="InvalidOperationException">None has run there.</exception>
    public static SandboxAdmin Of(string folder)
    {
        var file = SandboxFiles.Addresses(folder);
        var addresses = File.Exists(file) ? JsonSerializer.Deserialize<SandboxAddresses>(File.ReadAllText(file), JsonSerializerOptions.Web) : null;
        return addresses is null
            ? throw new InvalidOperationException($"No sandbox has run on the folder '{folder}'. Start one with: meshwf sandbox --folder {folder}")
            : new SandboxAdmin(addresses.Admin, File.ReadAllText(addresses.AdminTokenFile).Trim());
    }

    /// <summary>Everything in the world, now.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<WorldSnapshot> SnapshotAsync(CancellationToken cancellationToken) => GetAsync<WorldSnapshot>("v1/snapshot", cancellationToken);

    /// <summary>What came and what it changed, after an entry's number.</summary>
    /// <param name="after">The number; 0 for all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<IReadOnlyList<JournalEntry>> JournalAsync(int after, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<JournalEntry>>($"v1/journal?after={after}", cancellationToken);

    /// <summary>Where a world differs from the world as it is.</summary>
    /// <param name="before">The world to compare with.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<WorldDifference>> DiffAsync(WorldSnapshot before, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync("v1/diff", new DiffRequest(before, After: null), JsonSerializerOptions.Web, cancellationToken);
        return await ReadAsync<IReadOnlyList<WorldDifference>>(response, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken)
            ?? throw new InvalidOperationException("The sandbox answered nothing.");
}
