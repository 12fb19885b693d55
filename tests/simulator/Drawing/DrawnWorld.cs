using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Draws worlds: the demo's projects with one to four clusters of all kinds.</summary>
internal static class DrawnWorld
{
    public const string Fleet = "demo-fleet";
    public const string Apps = "demo-apps";
    private const string Network = "vpc-apps";
    private static readonly string[] Regions = ["us-central1", "europe-west1", "asia-northeast1"];

    public static World Draw(Random random) => World.Demo with
    {
        Clusters = [.. Enumerable.Range(1, random.Next(1, 5)).Select(number => Cluster(random, number))],
    };

    /// <summary>Clusters that have nothing special.</summary>
    /// <param name="count">How many.</param>
    public static World Plain(int count) => World.Demo with
    {
        Clusters = [.. Enumerable.Range(1, count).Select(number => new WorldCluster(Apps, Regions[0], NameOf(number), Network) { Objects = [.. Shop()] })],
    };

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"c{number}");

    private static WorldCluster Cluster(Random random, int number)
    {
        var name = NameOf(number);
        var region = Regions[random.Next(Regions.Length)];
        return new WorldCluster(Apps, region, name, Network)
        {
            Labels = new Dictionary<string, string> { ["tier"] = random.Next(2) == 0 ? "odd" : "even" },
            MasterRange = random.Next(5) == 0 ? string.Create(CultureInfo.InvariantCulture, $"172.16.{number}.0/28") : null,
            WorkloadIdentity = random.Next(5) > 0,
            LoggingService = random.Next(6) == 0 ? "none" : "logging.googleapis.com/kubernetes",
            Membership = random.Next(5) == 0 ? new WorldMembership(Fleet, name, region) : null,
            Autopilot = random.Next(20) == 0,
            Quirks = random.Next(10) == 0 ? [WorldQuirks.IstiodNeverReady] : [],
            Objects = [.. Shop(), .. Namespaces(random)],
        };
    }

    private static IEnumerable<JsonObject> Shop()
    {
        yield return Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"team":"shop"}}}""");
        yield return Parse("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cart","namespace":"shop"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"cart"}},
             "template":{"metadata":{"labels":{"app":"cart"}},"spec":{"containers":[{"name":"cart","image":"cart:1"}]}}}}
            """);
    }

    private static IEnumerable<JsonObject> Namespaces(Random random)
    {
        if (random.Next(6) == 0)
        {
            yield return Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system","labels":{"team":"platform"}}}""");
        }

        if (random.Next(6) == 0)
        {
            yield return Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-ingress","annotations":{"owner":"edge"}}}""");
        }
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
