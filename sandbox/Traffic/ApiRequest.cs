using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>What came in over HTTP.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Host">The host's name without port.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">The query's parameters.</param>
/// <param name="Accept">The wanted representations.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Content">The body as text, inflated; empty: none.</param>
internal sealed record ApiRequest(
    string Method, string Host, string Path, IQueryCollection Query, string Accept, string ContentType, string Content)
{
    private const string Scheme = "Bearer ";
    private const int MaxSize = 16 * 1024 * 1024;

    /// <summary>The body as it came, inflated.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The host's name and port.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The token that came along; null: none.</summary>
    public string? Bearer { get; init; }

    /// <summary>The certificate that the caller proved to own; null: none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>What the caller calls itself.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Whom the caller wants to act as; empty: as itself.</summary>
    public string ImpersonatedUser { get; init; } = "";

    /// <summary>The groups of whom the caller wants to act as.</summary>
    public IReadOnlyList<string> ImpersonatedGroups { get; init; } = [];

    /// <summary>The project that is to pay for the call (<c>X-Goog-User-Project</c>); null: none is named.</summary>
    public string? QuotaProject { get; init; }

    public static async Task<ApiRequest> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var isGzip = string.Equals(http.Headers.ContentEncoding.ToString(), "gzip", StringComparison.OrdinalIgnoreCase);
        await using var body = isGzip ? new GZipStream(http.Body, CompressionMode.Decompress) : http.Body;
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int length;
        while ((length = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + length > MaxSize)
            {
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            content.Write(buffer, 0, length);
        }

        return new ApiRequest(
            http.Method,
            http.Host.Host,
            http.Path.Value ?? "/",
            http.Query,
            http.Headers.Accept.ToString(),
            http.ContentType?.Split(';')[0].Trim() ?? "",
            Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length))
        {
            Bytes = content.GetBuffer().AsMemory(0, (int)content.Length),
            Authority = http.Host.Value ?? "",
            Bearer = BearerOf(http),
            ClientCertificate = http.HttpContext.Connection.ClientCertificate,
            QuotaProject = http.Headers["X-Goog-User-Project"].ToString(),
            UserAgent = http.Headers.UserAgent.ToString(),
            ImpersonatedUser = http.Headers["Impersonate-User"].ToString(),
            ImpersonatedGroups = [.. http.Headers["Impersonate-Group"].OfType<string>()],
        };
    }

    private static string? BearerOf(HttpRequest http)
    {
        var header = http.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary>The body as JSON; null: there is none.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public JsonNode? Json() => string.IsNullOrWhiteSpace(Content) ? null : JsonNode.Parse(Content);

    public string? QueryValue(string name) => Query.TryGetValue(name, out var values) ? values.ToString() : null;
}
