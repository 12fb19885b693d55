using System.Globalization;
using System.Net;
using System.Text;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Invocation;

/// <summary>An app with a method of every kind. It answers what it was sent, with what it saw in the metadata.</summary>
internal sealed class EchoApp : IAsyncDisposable, IServiceMethodProvider<EchoApp.Service>
{
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    private readonly WebApplication _web;

    private EchoApp(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, options => options.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        builder.Services.AddSingleton<IServiceMethodProvider<Service>>(this);
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton<Service>();
        _web = builder.Build();
        _web.UseRouting();
        _web.MapGrpcService<Service>();
    }

    public static Method<string, string> Unary { get; } = new(MethodType.Unary, "test.Echo", "Unary", Text, Text);

    public static Method<string, string> Serve { get; } = new(MethodType.ServerStreaming, "test.Echo", "Serve", Text, Text);

    public static Method<string, string> Collect { get; } = new(MethodType.ClientStreaming, "test.Echo", "Collect", Text, Text);

    public static Method<string, string> Talk { get; } = new(MethodType.DuplexStreaming, "test.Echo", "Talk", Text, Text);

    public Uri Address => new(_web.Urls.First());

    /// <summary>How many calls are still answered with a failure, and which.</summary>
    public Queue<StatusCode> Failures { get; } = new();

    public int Calls { get; private set; }

    public static async Task<EchoApp> StartAsync(int port = 0)
    {
        var app = new EchoApp(port);
        await app._web.StartAsync();
        return app;
    }

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context)
    {
        context.AddUnaryMethod(Unary, [], (service, request, call) => service.UnaryAsync(request, call));
        context.AddServerStreamingMethod(Serve, [], (_, request, stream, call) => Service.ServeAsync(request, stream, call));
        context.AddClientStreamingMethod(Collect, [], (_, stream, call) => Service.CollectAsync(stream, call));
        context.AddDuplexStreamingMethod(Talk, [], (_, requests, answers, call) => Service.TalkAsync(requests, answers, call));
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    internal sealed class Service(EchoApp app)
    {
        public async Task<string> UnaryAsync(string request, ServerCallContext call)
        {
            app.Calls++;
            if (app.Failures.TryDequeue(out var failure))
            {
                throw new RpcException(new Status(failure, "on request"), new Metadata { { "why", "asked to" } });
            }

            if (request == "wait")
            {
                var ended = new TaskCompletionSource();
                await using var registration = call.CancellationToken.Register(ended.SetResult);
                await ended.Task;
            }

            await call.WriteResponseHeadersAsync(new Metadata { { "seen", Seen(call) } });
            call.ResponseTrailers.Add("trailer", "at the end");
            call.ResponseTrailers.Add("binary-bin", [1, 2, 3]);
            return request;
        }

        public static async Task ServeAsync(string request, IServerStreamWriter<string> stream, ServerCallContext call)
        {
            for (var i = 0; i < 5; i++)
            {
                await stream.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{request}{i}"), call.CancellationToken);
            }

            throw new RpcException(new Status(StatusCode.DataLoss, "ends badly"));
        }

        public static async Task<string> CollectAsync(IAsyncStreamReader<string> stream, ServerCallContext call)
        {
            var all = new StringBuilder();
            await foreach (var part in stream.ReadAllAsync(call.CancellationToken))
            {
                all.Append(part);
            }

            return all.ToString();
        }

        public static async Task TalkAsync(
            IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext call)
        {
            await foreach (var request in requests.ReadAllAsync(call.CancellationToken))
            {
                await answers.WriteAsync($"re: {request}", call.CancellationToken);
            }
        }

        private static string Seen(ServerCallContext call) => string.Join(
            ' ',
            call.RequestHeaders.Where(entry => !entry.IsBinary && entry.Key is "colour" or "dapr-api-token" or "dapr-caller-app-id" or "dapr-callee-app-id")
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => $"{entry.Key}={entry.Value}"));
    }
}
