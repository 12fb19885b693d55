using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.Sandbox.Packages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Tests.Package;

/// <summary>A server of archives that can be told to break off, and a store that fetches from it.</summary>
public sealed class PackageServer : IAsyncDisposable
{
    private const string Tag = "\"v1\"";
    private readonly TaskCompletionSource _break = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _web;
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-package-").FullName;

    private PackageServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(ServeAsync);
    }

    public PackageOptions Options { get; private set; } = new();

    /// <summary>What lies at <c>/configuration</c>.</summary>
    public byte[] Configuration { get; set; } = StandInPackage.ConfigurationContent.ToArray();

    /// <summary>After how many bytes the next answer stops, and breaks off when it is told to.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>Breaks the answer off that has stopped, once its bytes have arrived.</summary>
    public async Task BreakOffAsync(int length)
    {
        await ReceivedAsync(length);
        _break.SetResult();
    }

    /// <summary>Waits until so many bytes of a download have arrived.</summary>
    public async Task ReceivedAsync(int length)
    {
        var archives = Path.Combine(Cache, "archives");
        while (!Directory.Exists(archives) || !new DirectoryInfo(archives).EnumerateFiles("*.part").Any(part => part.Length >= length))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The ranges that were asked for; "" for all.</summary>
    public List<string> Ranges { get; } = [];

    public string Cache => Options.Cache;

    public static async Task<PackageServer> StartAsync()
    {
        var server = new PackageServer();
        await server._web.StartAsync(TestContext.Current.CancellationToken);
        var address = server._web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Options = new PackageOptions
        {
            Release = $"{address}/release",
            Configuration = $"{address}/configuration",
            Cache = Path.Combine(server._folder, "cache"),
        };
        return server;
    }

    public MeshPackages Packages() =>
        new(new ArchiveStore(Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System), Microsoft.Extensions.Options.Options.Create(Options));

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (http.Request.Path.Value is not ("/release" or "/configuration"))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var content = http.Request.Path.Value == "/release" ? StandInPackage.ReleaseContent : Configuration;
        var from = 0;
        Ranges.Add(http.Request.Headers.Range.ToString());
        if (http.Request.Headers.Range.Count > 0 && http.Request.Headers.IfRange == Tag)
        {
            from = int.Parse(http.Request.Headers.Range.ToString()["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        http.Response.Headers.ETag = Tag;
        http.Response.ContentLength = content.Length - from;
        if (BreakAfter is { } length)
        {
            BreakAfter = null;
            await http.Response.Body.WriteAsync(content.Slice(from, length));
            await http.Response.Body.FlushAsync();
            await _break.Task.WaitAsync(http.RequestAborted);
            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(content[from..]);
    }
}

internal static class Patience
{
    public static async Task<MeshWorkflow.MeshPackage.Contents.Package> GetPatientlyAsync(this MeshPackages packages, PackageRequest request)
    {
        while (true)
        {
            try
            {
                return await packages.GetAsync(request, TestContext.Current.CancellationToken);
            }
            catch (MeshWorkflow.Steps.Failures.WaitException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
