using System.Globalization;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>The clusters of the demo's world, and requests for them.</summary>
internal static class Requests
{
    public const string MeshA = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    public const string MeshB = "//container.googleapis.com/projects/demo-apps/locations/europe-west1/clusters/mesh-b";

    public static string OneCluster(string name = "test") => Of(name, "{ project: demo-apps, location: us-central1, name: mesh-a }");

    public static string BothClusters(string name = "test") => Of(
        name, "{ project: demo-apps, location: us-central1, name: mesh-a }", "{ project: demo-apps, location: europe-west1, name: mesh-b }");

    /// <summary>The places where two worlds differ, one line each.</summary>
    public static IEnumerable<string> Lines(this IEnumerable<WorldDifference> differences) =>
        differences.Select(difference => string.Create(CultureInfo.InvariantCulture, $"{difference.Resource} {difference.Path}").TrimEnd());

    private static string Of(string name, params string[] clusters) => $"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: {"{"} name: {name} {"}"}
        spec:
          fleet: {"{"} project: demo-fleet {"}"}
          clusters:
            - {string.Join("\n    - ", clusters)}
        """;
}
