using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

/// <summary>One cluster's API server behind TLS on loopback, and plain HTTP to it.</summary>
public sealed class ClusterUnderTest : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly X509Certificate2 _certificate;
    private readonly KubernetesCluster _cluster;

    private ClusterUnderTest(WebApplication web, X509Certificate2 certificate, KubernetesCluster cluster, Journal journal, string token)
    {
        (_web, _certificate, _cluster, Journal, Token) = (web, certificate, cluster, journal, token);
        var server = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new Uri(server?.Addresses.First() ?? "");
        Http = Client(token);
    }

    public Uri Address { get; }

    public string Token { get; }

    public HttpClient Http { get; }

    internal KubernetesCluster Cluster => _cluster;

    internal Journal Journal { get; }

    public string Authority => _certificate.ExportCertificatePem();

    public static Task<ClusterUnderTest> StartAsync() => StartAsync(_ => { });

    internal static async Task<ClusterUnderTest> StartAsync(Action<KubernetesCluster> prepare, WorldCluster? world = null)
    {
        var options = new SandboxOptions
        {
            Folder = "",
            TerminationTime = TimeSpan.FromMilliseconds(5),
            ReactionTime = TimeSpan.FromMilliseconds(1),
            RetryTime = TimeSpan.FromMilliseconds(20),
            PodStartTime = TimeSpan.FromMilliseconds(10),
            PodStopTime = TimeSpan.FromMilliseconds(10),
            JobTime = TimeSpan.FromMilliseconds(10),
            LoadBalancerTime = TimeSpan.FromMilliseconds(10),
            EstablishTime = TimeSpan.FromMilliseconds(10),
        };
        var certificate = SelfSigned();
        var (gate, journal, tokens) = (new WorldGate(), new Journal(options.Time), new Tokens(options.Time));
        var cluster = new KubernetesCluster(
            world ?? new WorldCluster("p", "l", "c", "n"), certificate.ExportCertificatePem(), options, gate, journal);
        prepare(cluster);
        var traffic = new HandTraffic(gate, journal);
        var (faults, outages) = (new Faults(options.Time), new Outages(options.Time));
        var room = new FaultRoom(faults, outages, new OtherHands(_ => cluster, tokens, traffic), _ => null, options.Time);
        var pipeline = new Pipeline(tokens, faults, room, new Holds(), traffic);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            })));
        var web = builder.Build();
        web.Run(http => pipeline.ServeAsync(http, cluster));
        await web.StartAsync();
        return new ClusterUnderTest(web, certificate, cluster, journal, tokens.Issue("user:ann@example.com"));
    }

    /// <summary>A certificate of the cluster's authority.</summary>
    public X509Certificate2 Issue(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var issued = request.Create(_certificate, _certificate.NotBefore, _certificate.NotAfter, [1, 2, 3, 4]);
        return issued.CopyWithPrivateKey(key);
    }

    public HttpClient Client(string? token, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, _) =>
            server?.GetCertHashString() == _certificate.GetCertHashString();
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        var client = new HttpClient(handler) { BaseAddress = Address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async Task<(int Status, JsonNode Body)> SendAsync(
        string method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, Parse(text));
    }

    /// <summary>Sends, and expects that it is not refused.</summary>
    public async Task<JsonNode> DoAsync(string method, string path, string? body = null, string type = "application/json")
    {
        var (status, answer) = await SendAsync(method, path, body, type);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {answer}");
        return answer;
    }

    /// <summary>Asks again until the answer is right. It is the test run's own time limit that gives up.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<int, JsonNode, bool> isRight)
    {
        while (true)
        {
            var (status, body) = await SendAsync("GET", path);
            if (isRight(status, body))
            {
                return body;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _cluster.Dispose();
        await _web.DisposeAsync();
        _certificate.Dispose();
    }

    private static JsonNode Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sandbox", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
