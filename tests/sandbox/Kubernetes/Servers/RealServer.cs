using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>
/// A kube-apiserver with its etcd, where both can be found: by the environment variables <c>KUBE_APISERVER</c> and <c>ETCD</c>, or on
/// the PATH. No controller runs: what is written stays as it is.
/// </summary>
public sealed class RealServer : IAsyncLifetime
{
    private const string Token = "story-token-0123456789";
    private readonly List<Process> _processes = [];
    private string _folder = "";

    /// <summary>Calls to it; null: there is none.</summary>
    public HttpClient? Http { get; private set; }

    /// <summary>Why there is none.</summary>
    public string Missing { get; private set; } = "";

    /// <summary>The minor version whose behaviour it has.</summary>
    public int Minor { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var (server, etcd) = (Find("KUBE_APISERVER", "kube-apiserver"), Find("ETCD", "etcd"));
        if (server is null || etcd is null)
        {
            Missing = "kube-apiserver and etcd are neither on the PATH nor named by KUBE_APISERVER and ETCD";
            return;
        }

        _folder = Directory.CreateTempSubdirectory("real-server-").FullName;
        var (client, peer, port) = (FreePort(), FreePort(), FreePort());
        var key = Path.Combine(_folder, "key.pem");
        using (var rsa = RSA.Create(2048))
        {
            await File.WriteAllTextAsync(key, rsa.ExportRSAPrivateKeyPem());
        }

        var tokens = Path.Combine(_folder, "tokens.csv");
        await File.WriteAllTextAsync(tokens, $"{Token},admin,admin,\"system:masters\"\n");
        Start(
            etcd,
            ["--data-dir", Path.Combine(_folder, "etcd"), "--listen-client-urls", $"http://127.0.0.1:{client}", "--advertise-client-urls", $"http://127.0.0.1:{client}", "--listen-peer-urls", $"http://127.0.0.1:{peer}"]);
        Start(
            server,
            [
                "--etcd-servers", $"http://127.0.0.1:{client}", "--secure-port", $"{port}", "--bind-address", "127.0.0.1", "--cert-dir", Path.Combine(_folder, "certificates"),
                "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-signing-key-file", key, "--service-account-key-file", key,
                "--token-auth-file", tokens, "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/16", "--disable-admission-plugins", "ServiceAccount",
                .. await HasInsecurePortAsync(server) ? ["--insecure-port", "0"] : Array.Empty<string>(),
            ]);
        // The server makes its own certificate as it starts.
        var certificate = Path.Combine(_folder, "certificates", "apiserver.crt");
        Http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == X509Certificate2.CreateFromPem(File.ReadAllText(certificate)).GetCertHashString() },
        })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{port}"),
        };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await ReadyAsync(Http);
        Minor = await MinorAsync(Http);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string? Find(string variable, string name) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    // Old ones have a port without TLS unless they are told not to; new ones don't know the option.
    private static async Task<bool> HasInsecurePortAsync(string server)
    {
        using var help = Process.Start(new ProcessStartInfo(server, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{server} does not start.");
        var (told, complained) = (help.StandardOutput.ReadToEndAsync(), help.StandardError.ReadToEndAsync());
        await help.WaitForExitAsync();
        return (await told + await complained).Contains("--insecure-port", StringComparison.Ordinal);
    }

    private void Start(string program, IReadOnlyList<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder })
            ?? throw new InvalidOperationException($"{program} does not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => TestContext.Current.SendDiagnosticMessage("{0}", line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task ReadyAsync(HttpClient http)
    {
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            if (_processes.Find(process => process.HasExited) is { } ended)
            {
                throw new InvalidOperationException($"{ended.StartInfo.FileName} ended with {ended.ExitCode}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    // A build may call itself what it likes; the kinds that it has tell how old it is.
    private static async Task<int> MinorAsync(HttpClient http)
    {
        var version = JsonNode.Parse(await http.GetStringAsync(new Uri("/version", UriKind.Relative)));
        var minor = int.Parse((version?["gitVersion"]?.ToString() ?? "").Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        using var budgets = await http.GetAsync(new Uri("/apis/policy/v1", UriKind.Relative));
        return budgets.StatusCode is HttpStatusCode.NotFound ? Math.Min(minor, 20) : minor;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
