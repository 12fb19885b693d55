using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>Which version the API server is.</summary>
internal static class ServerVersion
{
    /// <summary>The version of the types that are described.</summary>
    public const string OfTypes = "v1.31.6";

    /// <param name="version">The version of the cluster: <c>1.31.6-gke.1064001</c>.</param>
    public static JsonObject Show(string version) => new()
    {
        ["major"] = version.Split('.')[0],
        ["minor"] = version.Split('.') is [_, var minor, ..] ? minor : "",
        ["gitVersion"] = $"v{version}",
        ["gitCommit"] = "3b5e9a1f0c7d42868ad1b0f94e6f2c8d7a5b4e31",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-02T03:04:05Z",
        ["goVersion"] = "go1.22.12",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };
}
