using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>Names that the server makes up.</summary>
internal static class ObjectNames
{
    // Without vowels and look-alikes, so that no words come out.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Random(int length = 5) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>Gives a name to what asks for one.</summary>
    public static void Generate(JsonObject metadata)
    {
        if (metadata.Text("name").Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix[..Math.Min(prefix.Length, 58)] + Random();
        }
    }
}
