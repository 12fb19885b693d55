using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
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

    /// <summary>
    /// Writes the whole state of the world into a file that its owner alone can read, as its secrets are in it, as soon as no operation of
    /// Google's APIs is under way.
    /// </summary>
    /// <param name="file">The file; one that is there is replaced.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="InvalidOperationException">Operations are under way for too long.</exception>
    public async Task SaveAsync(string file, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri("v1/save", UriKind.Relative), cancellationToken);
        await CheckAsync(response, cancellationToken);
        var written = $"{file}.new";
        SandboxFiles.WriteForOwner(written, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        File.Move(written, file, overwrite: true);
    }

    /// <summary>Puts the world back to a saved state.</summary>
    /// <param name="file">The file with the state.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="InvalidOperationException">It is refused, and nothing has changed.</exception>
    public async Task RestoreAsync(string file, CancellationToken cancellationToken)
    {
        await using var saved = File.OpenRead(file);
        using var content = new StreamContent(saved);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(new Uri("v1/restore", UriKind.Relative), content, cancellationToken);
        await CheckAsync(response, cancellationToken);
    }

    /// <summary>Puts a plan of faults in the place of the last one.</summary>
    /// <param name="plan">The plan, YAML or JSON.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>All that is on order now.</returns>
    /// <exception cref="InvalidOperationException">It is no plan for this world, and nothing has changed.</exception>
    public async Task<IReadOnlyList<FaultView>> OrderAsync(string plan, CancellationToken cancellationToken)
    {
        using var content = new StringContent(plan, System.Text.Encoding.UTF8, "application/yaml");
        using var response = await _http.PutAsync(new Uri("v1/faults", UriKind.Relative), content, cancellationToken);
        await CheckAsync(response, cancellationToken);
        return await ReadAsync<IReadOnlyList<FaultView>>(response, cancellationToken);
    }

    /// <summary>What is on order to go wrong, and whom it met.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<IReadOnlyList<FaultView>> FaultsAsync(CancellationToken cancellationToken) => GetAsync<IReadOnlyList<FaultView>>("v1/faults", cancellationToken);

    /// <summary>Takes all faults back: hung calls go on, clusters come back, operations end.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task CancelFaultsAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(new Uri("v1/faults", UriKind.Relative), cancellationToken);
        await CheckAsync(response, cancellationToken);
    }

    /// <summary>Lets the calls go that hang at a fault.</summary>
    /// <param name="name">The fault's name.</param>
    /// <param name="action">What becomes of them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether there is such a fault, and nobody has let its calls go before.</returns>
    public async Task<bool> ReleaseAsync(string name, HoldAction action, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(new Uri($"v1/holds/{Uri.EscapeDataString(name)}/release?action={action}", UriKind.Relative), content: null, cancellationToken);
        return response.StatusCode is not HttpStatusCode.NotFound && response.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            throw new InvalidOperationException(problem?["detail"]?.GetValue<string>() ?? "The sandbox refused it.");
        }

        response.EnsureSuccessStatusCode();
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken)
            ?? throw new InvalidOperationException("The sandbox answered nothing.");
}
