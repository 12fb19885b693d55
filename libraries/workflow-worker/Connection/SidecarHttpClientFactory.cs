namespace Dapr.Workflow.Connection;

/// <summary>Gives Dapr's client builder an HTTP client of the sidecar's own kind.</summary>
internal sealed class SidecarHttpClientFactory : IHttpClientFactory
{
    public HttpClient CreateClient(string name) => SidecarChannel.CreateHttpClient();
}
