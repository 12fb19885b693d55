using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Tests.Product.Live;

/// <summary>What may happen in a rollout of three clusters.</summary>
internal static class Happenings
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Happening.Rollout Rollout(RolloutState state) => new(new RolloutDocument
    {
        Id = "prod-g1",
        Name = "prod",
        Generation = 1,
        FleetProject = "fleet",
        State = state,
        CreatedAt = Start,
        Clusters = [.. Enumerable.Range(1, 3).Select(i => new ClusterRef("apps", "us-central1", $"c{i}"))],
    });

    public static Happening.Stage Stage(string name, StageState state, int failed = 0) =>
        new(new StageDocument { Name = name, State = state, Clusters = 2, Budget = 1, Failed = failed });

    public static Happening.Step Step(string id, string step, string phase, string outcome, string? message = null, string cluster = "c1") =>
        new(new RolloutEvent(id, Start, $"cluster/apps/us-central1/{cluster}", cluster, step, phase, outcome, message));

    public static Happening.Step State(string id, ClusterState state, string cluster, string? message = null) =>
        new(new RolloutEvent(id, Start, $"cluster/apps/us-central1/{cluster}", cluster, Step: null, Phase: null, state.ToString(), message));

    public static async IAsyncEnumerable<Happening> Async(params IEnumerable<Happening> happenings)
    {
        foreach (var happening in happenings)
        {
            await Task.Yield();
            yield return happening;
        }
    }
}
