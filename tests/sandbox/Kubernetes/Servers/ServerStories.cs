using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>Stories of calls, each in a namespace of its own, and what an API server answers to each of them.</summary>
internal static class ServerStories
{
    private static readonly Dictionary<string, IReadOnlyList<ServerCall>> All = new[]
    {
        OptionStories.All, ObjectStories.All, ConfigStories.All, ApplyStories.All, DeletionStories.All, WorkloadStories.All, AccessStories.All, PodStories.All, CustomStories.All, KindStories.All,
    }.SelectMany(stories => stories).ToDictionary(story => story.Name, story => story.Calls, StringComparer.Ordinal);

    // What a server fills in by its version or its network.
    private static readonly string[] Allotted =
        ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "creationTimestamp", "uid", "resourceVersion", "selfLink", "generation", "managedFields", "status", "namespace", "annotations"];

    public static TheoryData<string> Names => [.. All.Keys];

    public static bool IsNewerThan(string story, int minor) => All[story].Any(call => call.Since > minor);

    /// <summary>Tells a story to a server.</summary>
    /// <returns>What did not go as it is told; empty: all did.</returns>
    public static async Task<string> TellAsync(string story, HttpClient http, int minor)
    {
        var ns = await NamespaceAsync(http);
        var wrong = new List<string>();
        foreach (var call in All[story])
        {
            var answer = await call.SendAsync(http, ns);
            if (call.Since <= minor && call.WrongIn(answer) is { } mistake)
            {
                wrong.Add($"{call}: {mistake}: {answer.Status} {answer.Body?.ToJsonString()}");
            }
        }

        await EndAsync(http, ns);
        return string.Join(Environment.NewLine, wrong);
    }

    /// <summary>What a story leaves behind.</summary>
    public static async Task<string> EndOfAsync(string story, HttpClient http)
    {
        var ns = await NamespaceAsync(http);
        foreach (var call in All[story])
        {
            await call.SendAsync(http, ns);
        }

        var left = new JsonObject();
        foreach (var kind in new[] { "configmaps", "secrets", "services", "apps/v1:deployments", "rbac.authorization.k8s.io/v1:roles" })
        {
            var list = await ServerCall.Get(kind).SendAsync(http, ns);
            left[kind] = new JsonArray([.. (list.Body?["items"] as JsonArray ?? [])
                .Where(item => item?["metadata"]?["name"]?.ToString() is not "kube-root-ca.crt").Select(Lasting)]);
        }

        await EndAsync(http, ns);
        return left.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }).Replace(ns, "{ns}", StringComparison.Ordinal);
    }

    private static async Task<string> NamespaceAsync(HttpClient http)
    {
        var ns = $"story-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var made = await ServerCall.Post("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{ns}}}"}}""").SendAsync(http, ns);
        Assert.Equal(201, made.Status);
        return ns;
    }

    private static Task<ServerAnswer> EndAsync(HttpClient http, string ns) => ServerCall.Delete($"/api/v1/namespaces/{ns}").SendAsync(http, ns);

    private static JsonNode? Lasting(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(pair => !Allotted.Contains(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Lasting(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Lasting)]),
        _ => node?.DeepClone(),
    };
}

/// <summary>A story.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Calls">Its calls, in order.</param>
internal sealed record ServerStory(string Name, params IReadOnlyList<ServerCall> Calls);
