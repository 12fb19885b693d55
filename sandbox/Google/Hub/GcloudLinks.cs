using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>
/// The links of memberships as gcloud knows them: where it registers or unregisters a cluster it holds the link against one that it makes
/// from the address that it was given for Kubernetes Engine's API, and here that is the sandbox's own.
/// </summary>
internal static class GcloudLinks
{
    private const string Host = "//container.googleapis.com/";

    /// <summary>The membership, its link as the caller would make it.</summary>
    public static JsonObject For(GoogleRequest request, JsonObject membership)
    {
        if (Registers(request.Request.UserAgent)
            && membership["endpoint"]?["gkeCluster"] is JsonObject cluster
            && cluster["resourceLink"]?.GetValue<string>() is { } link && link.StartsWith(Host, StringComparison.Ordinal))
        {
            cluster["resourceLink"] = $"//{request.Request.Authority}/container/{link[Host.Length..]}";
        }

        return membership;
    }

    private static bool Registers(string agent) => agent.Contains(" command/gcloud.", StringComparison.Ordinal)
        && (agent.Contains(".memberships.register", StringComparison.Ordinal) || agent.Contains(".memberships.unregister", StringComparison.Ordinal));
}
