using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sandbox.Packages;

/// <summary>Serves the package's archives over HTTP, also in parts, so that a download that broke off can go on.</summary>
internal static class PackageDownloads
{
    private const string Root = "/packages/";

    public static string ReleasePath => $"{Root}istio-{StandInPackage.Release}-linux-amd64.tar.gz";

    public static string ConfigurationPath => $"{Root}{StandInPackage.Configuration}.tar.gz";

    public static bool IsFor(HttpContext http) => http.Request.Path.StartsWithSegments(Root.TrimEnd('/'));

    public static Task ServeAsync(HttpContext http)
    {
        ReadOnlyMemory<byte>? content = http.Request.Path.Value switch
        {
            var path when path == ReleasePath => StandInPackage.ReleaseContent,
            var path when path == ConfigurationPath => StandInPackage.ConfigurationContent,
            _ => null,
        };
        var tag = content is { } found ? Convert.ToHexStringLower(SHA256.HashData(found.Span))[..16] : "";
        var answer = content is { } body
            ? Results.Bytes(
                body,
                "application/gzip",
                enableRangeProcessing: true,
                entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{tag}\""))
            : Results.NotFound();
        return answer.ExecuteAsync(http);
    }
}
