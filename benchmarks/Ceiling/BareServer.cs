using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Benchmarks.Ceiling;

/// <summary>Serves <see cref="BareHub"/> as the sidecar serves its own.</summary>
internal sealed class BareServer(WebApplication web) : IAsyncDisposable
{
    public Uri Address => new(web.Urls.First());

    public static async Task<BareServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 10_000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<BareHub>();
        var web = builder.Build();
        web.UseRouting();
        web.MapGrpcService<BareHub>();
        await web.StartAsync(cancellationToken);
        return new BareServer(web);
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
