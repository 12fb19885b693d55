using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>The manifest of the agent that connects a cluster outside Google Cloud with its fleet.</summary>
internal static class ConnectManifest
{
    public static JsonObject Of(Membership membership, GoogleRequest request)
    {
        var target = request.Query("namespace") is { Length: > 0 } named ? named : "gke-connect";
        var (version, registry) = (request.Query("version") ?? "20260102-00-00", request.Query("registry") ?? "gcr.io/gkeconnect");
        return new JsonObject
        {
            ["manifest"] = new JsonArray(
                Resource("v1", "Namespace", $"metadata:\n  name: {target}\n"),
                Resource("v1", "ServiceAccount", $"metadata:\n  name: connect-agent-sa\n  namespace: {target}\n"),
                Resource("apps/v1", "Deployment", $"""
                    metadata:
                      name: gke-connect-agent-{version}
                      namespace: {target}
                    spec:
                      replicas: 1
                      selector:
                        matchLabels:
                          app: gke-connect-agent
                      template:
                        metadata:
                          labels:
                            app: gke-connect-agent
                        spec:
                          serviceAccountName: connect-agent-sa
                          containers:
                          - name: gke-connect-agent
                            image: {registry}/gkeconnect-gce:{version}
                            env:
                            - name: GKE_CONNECT_MEMBERSHIP_NAME
                              value: {membership.RelativeName}

                    """)),
        };
    }

    private static JsonObject Resource(string apiVersion, string kind, string rest) => new()
    {
        ["type"] = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion },
        ["manifest"] = $"apiVersion: {apiVersion}\nkind: {kind}\n{rest}",
    };
}
