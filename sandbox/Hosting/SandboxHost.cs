using System.Text;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Packages;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>
/// A running sandbox, on loopback: all of Google's APIs at one address, an API server for each cluster at one of its own, and the
/// admin endpoint.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly SandboxWorld _world;
    private readonly IReadOnlyList<IDisposable> _owned;

    private SandboxHost(WebApplication web, SandboxWorld world, IReadOnlyList<IDisposable> owned)
    {
        _web = web;
        _world = world;
        _owned = owned;
    }

    /// <summary>Where everything is.</summary>
    public SandboxAddresses Addresses { get; private set; } = new(Nowhere, Nowhere, "", "", []);

    private static Uri Nowhere { get; } = new("about:blank");

    /// <summary>Starts a sandbox.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The running sandbox.</returns>
    /// <exception cref="IOException">A port is taken, or the folder can't be written.</exception>
    /// <exception cref="SavedWorldException">The state to begin with was saved in another world.</exception>
    /// <exception cref="FaultPlanException">The plan of faults is about what isn't in the world.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        SandboxFiles.Make(options.Folder);
        var certificates = new ClusterCertificates(options.Time);
        var world = new SandboxWorld(options, certificates.AuthorityPem);
        var listeners = new SandboxListeners(options, world, certificates);
        var web = Build(options, world, listeners);
        var host = new SandboxHost(web, world, [world, certificates]);
        try
        {
            if (options.Faults is { } faults)
            {
                world.Order(faults);
            }

            if (options.Saved is { } saved)
            {
                world.Saves.Restore(saved);
            }

            await web.StartAsync(cancellationToken);
            host.Addresses = listeners.Bind();
            world.Google.BaseAddress = host.Addresses.Google;
            world.Google.Key.Write(host.Addresses.CredentialsFile, new Uri(host.Addresses.Google, TokenEndpoint.Path));
            foreach (var key in world.Google.Keys)
            {
                SandboxFiles.Make(SandboxFiles.Keys(options.Folder));
                key.Write(SandboxFiles.Key(options.Folder, key.Email), new Uri(host.Addresses.Google, TokenEndpoint.Path));
            }

            var kubeconfig = Kubeconfigs.Of(
                options.World.Clusters.Zip(host.Addresses.Clusters, (cluster, at) => (cluster, at.Server)),
                certificates.AuthorityPem,
                certificates.IssueAdministrator(options.Time.GetUtcNow()));
            SandboxFiles.WriteForOwner(host.Addresses.KubeconfigFile, Encoding.UTF8.GetBytes(kubeconfig));
            SandboxFiles.Write(options.Folder, host.Addresses);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything in the world, now.</summary>
    public WorldSnapshot Snapshot() => _world.Snapshot();

    /// <summary>Saves the state of the whole world, as soon as no operation of Google's APIs is under way.</summary>
    /// <param name="cancellationToken">Stops the wait for operations.</param>
    /// <exception cref="SavedWorldException">Operations are under way for too long.</exception>
    public Task<SavedWorld> SaveAsync(CancellationToken cancellationToken) => _world.Saves.SaveAsync(AdminEndpoint.Patience, cancellationToken);

    /// <summary>Puts the world back to a saved state: with the same addresses, and with all tokens that are valid.</summary>
    /// <param name="saved">The state.</param>
    /// <exception cref="SavedWorldException">It was saved in another world, or can't be read; nothing has changed.</exception>
    public void Restore(SavedWorld saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        _world.Saves.Restore(saved);
    }

    /// <summary>What came and what it changed, in order, after an entry's number.</summary>
    /// <param name="after">The number; 0 for all.</param>
    public IReadOnlyList<JournalEntry> Journal(int after = 0) => _world.Journal.After(after);

    /// <summary>Orders a refusal.</summary>
    /// <param name="fault">Which, and for whom.</param>
    /// <returns>Its id.</returns>
    public string Order(FaultSpec fault) => _world.Faults.Order(fault);

    /// <summary>Puts a plan of faults in the place of the last one.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="FaultPlanException">It is about what isn't in this world.</exception>
    public void Order(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _world.Order(plan);
    }

    /// <summary>What is on order to go wrong, and whom it met.</summary>
    public IReadOnlyList<FaultView> Faults() => _world.Faults.Show();

    /// <summary>Takes a fault back: a refusal by its id, a plan's by its name.</summary>
    /// <param name="id">Its id.</param>
    public void Cancel(string id) => _world.Faults.Cancel(id);

    /// <summary>Arms a place where a call is to be held.</summary>
    /// <param name="hold">Where.</param>
    /// <returns>Its id.</returns>
    public string Hold(HoldSpec hold) => _world.Holds.Arm(hold);

    /// <summary>Waits until a call is held at a place.</summary>
    /// <param name="id">The place's id, or the name of a fault at which calls hang.</param>
    public Task ReachedAsync(string id) => _world.Hold(id)?.Reached ?? Task.CompletedTask;

    /// <summary>Lets a held call go.</summary>
    /// <param name="id">The place's id, or the name of a fault at which calls hang.</param>
    /// <param name="action">What becomes of it.</param>
    public void Release(string id, HoldAction action) => _world.Hold(id)?.Release(action);

    /// <summary>Makes a token for somebody: a human with a browser, say.</summary>
    /// <param name="principal">Who, as in a policy: <c>user:ann@example.com</c>.</param>
    public string TokenFor(string principal) => _world.Google.Tokens.Issue(principal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }
    }

    private static WebApplication Build(SandboxOptions options, SandboxWorld world, SandboxListeners listeners)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(options.Loggers));
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listeners.Listen);
        var web = builder.Build();
        var token = SandboxFiles.MakeAdminToken(options.Folder);
        web.MapWhen(http => listeners.IsAdmin(http.Connection.LocalPort), admin => admin.UseAdmin(world, token));
        web.MapWhen(PackageDownloads.IsFor, packages => packages.Run(PackageDownloads.ServeAsync));
        web.Run(http => listeners.SiteAt(http.Connection.LocalPort) is { } site
            ? world.Pipeline.ServeAsync(http, site)
            : Task.CompletedTask);
        return web;
    }
}
