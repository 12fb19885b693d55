using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>Which version the API server is.</summary>
internal static class ServerVersion
{
    public const string Git = "v1.31.6-gke.1064001";

    public static JsonObject Show() => new()
    {
        ["major"] = "1",
        ["minor"] = "31",
        ["gitVersion"] = Git,
        ["gitCommit"] = "3b5e9a1f0c7d42868ad1b0f94e6f2c8d7a5b4e31",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-02T03:04:05Z",
        ["goVersion"] = "go1.22.12",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };
}
