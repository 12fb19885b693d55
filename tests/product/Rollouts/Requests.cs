using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
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

    /// <summary>The installs of these clusters; more goes into the spec as it stands.</summary>
    public static string With(string more, string name = "test") => BothClusters(name) + "\n  " + more.ReplaceLineEndings("\n  ");

    /// <summary>What an install of mesh-a changes there and for its fleet at least.</summary>
    private static IReadOnlyList<string> Installed { get; } =
    [
        $"{MeshA} fleet",
        $"{MeshA} resourceLabels.mesh_id",
        $"{MeshA}/k8s/namespaces/istio-system",
        "//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/mesh-a",
    ];

    /// <summary>Fails if the mesh is not on mesh-a, or if anything of another cluster has changed.</summary>
    public static void AssertInstalled(WorldSnapshot before, WorldSnapshot after)
    {
        var lines = WorldDiff.Compare(before, after).Lines().ToList();
        Assert.All(Installed, line => Assert.Contains(line, lines));
        Assert.Contains(lines, line => line.StartsWith($"{MeshA}/k8s/", StringComparison.Ordinal) && line.EndsWith("deployments/istiod-asm-1233-2", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("mesh-b", StringComparison.Ordinal));
    }

    /// <summary>Fails, and says where, if a world is not as it was, apart from what an undo leaves on purpose.</summary>
    public static void AssertAsBefore(WorldSnapshot before, WorldSnapshot after)
    {
        var left = WorldDiff.Compare(before, after)
            .Where(difference => !IsKept(difference))
            .Select(difference => $"{difference.Resource} {difference.Path}: {difference.Before?.ToJsonString()} -> {difference.After?.ToJsonString()}")
            .ToList();
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    /// <summary>Fails, and says where, if something of a resource or in it is not as it was.</summary>
    public static void AssertUntouched(WorldSnapshot before, WorldSnapshot after, string resource) => Assert.Empty(
        WorldDiff.Compare(before, after)
            .Where(difference => difference.Resource == resource || difference.Resource.StartsWith(resource + "/", StringComparison.Ordinal))
            .Lines());

    // Enabled APIs, what Google makes and grants with them, and the mesh configuration's pools.
    private static bool IsKept(WorldDifference difference) =>
        difference.Resource.StartsWith("//serviceusage.googleapis.com/", StringComparison.Ordinal)
        || difference.Resource.StartsWith("//meshconfig.googleapis.com/", StringComparison.Ordinal)
        || (difference.Resource.EndsWith("/iamPolicy", StringComparison.Ordinal)
            && WithoutOwnAgents(difference.Resource, difference.Before) == WithoutOwnAgents(difference.Resource, difference.After));

    // A project's own agents come with the mesh's API and CA Service's; the fleet's agent on another project is the rollout's doing.
    private static string WithoutOwnAgents(string resource, JsonNode? bindings)
    {
        var number = resource.Contains("/demo-fleet/", StringComparison.Ordinal) ? "210987654321" : "123456789012";
        string[] own = [$"serviceAccount:service-{number}@gcp-sa-servicemesh.iam.gserviceaccount.com", $"serviceAccount:service-{number}@gcp-sa-privateca.iam.gserviceaccount.com"];
        return bindings is not (null or JsonArray) ? bindings.ToJsonString() : string.Join('\n', (bindings as JsonArray)?
            .Select(binding => binding?.ToJsonString() ?? "")
            .Where(binding => !own.Any(agent => binding.Contains($"[\"{agent}\"]", StringComparison.Ordinal))) ?? []);
    }

    private static string Of(string name, params string[] clusters) => $"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: {"{"} name: {name} {"}"}
        spec:
          fleet: {"{"} project: demo-fleet {"}"}
          mesh: {"{"} version: 1.23.3-asm.2 {"}"}
          certificateAuthority: {"{"} type: mesh_ca {"}"}
          enable: {"{"} all: true {"}"}
          clusters:
            - {string.Join("\n    - ", clusters)}
        """;
}
