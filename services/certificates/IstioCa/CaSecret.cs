using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>The secret that istiod signs with: <c>cacerts</c>.</summary>
internal static class CaSecret
{
    public const string Name = "cacerts";

    /// <summary>Where plans have the digest of what is in it; never the thing itself.</summary>
    public const string Path = "data";

    public const string RolloutPath = $"metadata.annotations[\"{Marks.RolloutAnnotation}\"]";

    private const string DigestAnnotation = "meshworkflow.dev/digest";

    public static ObjectType Type { get; } = new("v1", "Secret", "secrets");

    public static ObjectRef In(string ns) => new("", Type.Plural, ns, Name);

    public static JsonObject Make(string ns, SigningFiles files, string run) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = Type.Kind,
        ["type"] = "Opaque",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = ns,
            ["labels"] = new JsonObject { [Marks.ManagedByLabel] = Marks.Owner },
            ["annotations"] = new JsonObject { [Marks.RolloutAnnotation] = run, [DigestAnnotation] = files.Digest() },
        },
        ["data"] = new JsonObject(files.ByName.Select(file =>
            KeyValuePair.Create(file.Key, (JsonNode?)JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Value)))))),
    };

    public static bool IsOf(JsonObject live, string run) => live.Text("metadata", "annotations", Marks.RolloutAnnotation) == run;

    /// <summary>What is in a secret; null: not what istiod looks for, or not that alone.</summary>
    public static SigningFiles? Read(JsonObject live)
    {
        var texts = KeysOf(live).ToDictionary(key => key, key => Text(live, key), StringComparer.Ordinal);
        return texts.Count == CertificateFiles.OfCluster.Count && CertificateFiles.OfCluster.All(name => texts.GetValueOrDefault(name) is not null)
            ? new SigningFiles(
                texts[CertificateFiles.Certificate]!, texts[CertificateFiles.Key]!, texts[CertificateFiles.Root]!, texts[CertificateFiles.Chain]!)
            : null;
    }

    public static IReadOnlyList<string> KeysOf(JsonObject live) =>
        [.. (live["data"] as JsonObject ?? []).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>Whether a secret still has what was put into it when it was made.</summary>
    public static bool IsUnchanged(JsonObject live) =>
        Read(live) is { } files && live.Text("metadata", "annotations", DigestAnnotation) == files.Digest();

    private static string? Text(JsonObject live, string key)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(live.Text("data", key) ?? ""));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
