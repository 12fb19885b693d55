using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>A cluster, reached as a kubeconfig says: by certificate, by token, or by a program that has one.</summary>
internal sealed class Cluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly Uri _server;

    private Cluster(Uri server, HttpMessageHandler handler, string? token)
    {
        _server = server;
        _http = new HttpClient(handler) { Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <exception cref="FormatException">The kubeconfig is missing, or has no such context.</exception>
    public static Cluster Of(string? file, string? context)
    {
        var path = file ?? Candidates().FirstOrDefault(File.Exists) ?? throw new FormatException("there is no kubeconfig");
        var config = YamlText.Read(File.ReadAllText(path)).FirstOrDefault() ?? throw new FormatException($"{path} is no kubeconfig");
        var at = Named(config, "contexts", "context", context ?? Text(config["current-context"]) ?? "");
        var cluster = Named(config, "clusters", "cluster", Text(at["cluster"]) ?? "");
        var user = Named(config, "users", "user", Text(at["user"]) ?? "");
        var handler = new SocketsHttpHandler();
        if (Data(cluster, "certificate-authority", path) is { } authority)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authority);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (Data(user, "client-certificate", path) is { } certificate && Data(user, "client-key", path) is { } key)
        {
            using var made = X509Certificate2.CreateFromPem(certificate, key);
            handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null)];
        }

        var token = Text(user["token"]) ?? (user["exec"] is JsonObject program ? TokenOf(program) : null);
        return new Cluster(new Uri($"{Text(cluster["server"])?.TrimEnd('/')}/"), handler, token);
    }

    /// <returns>The object or list; null: there is none.</returns>
    public JsonObject? Get(string path) => Send(HttpMethod.Get, path, body: null);

    public void Create(string path, JsonObject body) => Send(HttpMethod.Post, path, body);

    public void Replace(string path, JsonObject body) => Send(HttpMethod.Put, path, body);

    public void Delete(string path) => Send(HttpMethod.Delete, path, body: null);

    public void Dispose() => _http.Dispose();

    private JsonObject? Send(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server, path));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = _http.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        var answer = reader.ReadToEnd();
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer) as JsonObject
            : throw new InvalidOperationException(JsonNode.Parse(answer)?["message"]?.ToString() ?? answer);
    }

    private static IEnumerable<string> Candidates() =>
        Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } paths
            ? paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];

    private static JsonObject Named(JsonObject config, string list, string field, string name) =>
        (config[list] as JsonArray)?.FirstOrDefault(item => item?["name"]?.ToString() == name)?[field] as JsonObject
        ?? throw new FormatException($"the kubeconfig has no {field} \"{name}\"");

    // In the kubeconfig itself, or in a file beside it.
    private static string? Data(JsonObject from, string field, string kubeconfig)
    {
        if (Text(from[$"{field}-data"]) is { } data)
        {
            return Encoding.ASCII.GetString(Convert.FromBase64String(data));
        }

        return Text(from[field]) is { } path ? File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(kubeconfig))!, path)) : null;
    }

    private static string? TokenOf(JsonObject program)
    {
        var start = new ProcessStartInfo(
            Text(program["command"]) ?? "", (program["args"] as JsonArray ?? []).Select(argument => argument?.ToString() ?? ""))
        {
            RedirectStandardOutput = true,
        };
        foreach (var variable in program["env"] as JsonArray ?? [])
        {
            start.Environment[variable?["name"]?.ToString() ?? ""] = variable?["value"]?.ToString();
        }

        using var process = Process.Start(start) ?? throw new FormatException($"{start.FileName} did not start");
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(answer)?["status"]?["token"]?.ToString()
            : throw new FormatException(FormattableString.Invariant($"{start.FileName} ended with {process.ExitCode}"));
    }

    private static string? Text(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? text : null;
}
