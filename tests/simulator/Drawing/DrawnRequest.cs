using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Draws requests for all clusters of a world.</summary>
/// <param name="Text">The request.</param>
/// <param name="Stages">Its stages: the first takes the first cluster where there are two.</param>
/// <param name="OnFailure">What becomes of failures.</param>
/// <param name="DisablesApis">Whether an undo disables the APIs that were enabled.</param>
internal sealed record DrawnRequest(string Text, IReadOnlyList<DrawnStage> Stages, string OnFailure, bool DisablesApis)
{
    public const string Name = "sim";
    private static readonly string[] Failures = ["rollback-cluster", "rollback-cluster", "rollback-stage", "rollback-rollout", "hold"];

    public static DrawnRequest Draw(Random random, World world)
    {
        var first = world.Clusters[0].Name;
        DrawnStage[] stages = world.Clusters.Count > 1 && random.Next(2) == 0
            ? [new DrawnStage("canary", [first], 1, 0), Rest(random, [.. world.Clusters.Skip(1).Select(cluster => cluster.Name)])]
            : [Rest(random, [.. world.Clusters.Select(cluster => cluster.Name)])];
        var onFailure = Failures[random.Next(Failures.Length)];
        var disables = random.Next(5) == 0;
        var (hasGateway, isInjected) = (random.Next(2) == 0, random.Next(5) < 2);
        return Write(world, stages, onFailure, disables, hasGateway, isInjected);
    }

    /// <summary>Writes a request for all clusters of a world.</summary>
    public static DrawnRequest Write(World world, IReadOnlyList<DrawnStage> stages, string onFailure, bool disables, bool hasGateway, bool isInjected)
    {
        var gateways = hasGateway ? "gateways: [{ namespace: istio-ingress }]" : "";
        var injection = isInjected ? "injection: { namespaces: [shop], restart: true }" : "";
        var clusters = string.Join(", ", world.Clusters.Select(cluster => $"{{ project: {cluster.Project}, location: {cluster.Location}, name: {cluster.Name} }}"));
        var lines = string.Join(", ", stages.Select((stage, i) => stage.Show(isFirst: i == 0 && stages.Count > 1)));
        var text = $$"""
            apiVersion: meshworkflow.dev/v1
            kind: FleetInstall
            metadata: { name: {{Name}} }
            spec:
              fleet: { project: {{DrawnWorld.Fleet}} }
              mesh: { version: 1.23.3-asm.2 }
              certificateAuthority: { type: mesh_ca }
              enable: { all: true }
              control: { pollEvery: 50ms }
              undo: { giveUpAfter: 8s, disableApis: {{(disables ? "true" : "false")}} }
              {{gateways}}
              {{injection}}
              clusters: [{{clusters}}]
              rollout:
                onFailure: {{onFailure}}
                stages: [{{lines}}]
            """;
        return new DrawnRequest(text, stages, onFailure, disables);
    }

    private static DrawnStage Rest(Random random, IReadOnlyList<string> clusters) => new("rest", clusters, random.Next(1, 4), random.Next(3));
}

/// <summary>A stage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Clusters">Its clusters.</param>
/// <param name="MaxConcurrent">How many are worked on at once.</param>
/// <param name="Budget">How many may fail.</param>
internal sealed record DrawnStage(string Name, IReadOnlyList<string> Clusters, int MaxConcurrent, int Budget)
{
    public string Show(bool isFirst) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{ name: {Name}{(isFirst ? $", select: {{ names: [{string.Join(", ", Clusters)}] }}" : "")}, maxConcurrent: {MaxConcurrent}, failureBudget: {Budget} }}");
}
