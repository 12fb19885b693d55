using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>
/// Breaks on purpose what a good run kept, one promise at a time: each must be found broken, by its name, and no other. So a check that
/// can't fail is found out.
/// </summary>
public sealed class TenetsTests(RecordedRun recorded) : IClassFixture<RecordedRun>
{
    private const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";
    private const string Others = "user:somebody-else@example.com";
    private const string Owned = """{"metadata":{"annotations":{"meshworkflow.dev/rollout":"sim-g1"}}}""";

    private Evidence Run => recorded.Evidence;

    // Of a rollout that is only partly undone nobody says that the world is as it was.
    private Evidence Partly => Run with { Ended = Run.Ended! with { Rollout = Run.Ended.Rollout with { State = RolloutState.CompletedWithFailures } } };

    private string First => Writes.NameOf(recorded.First);

    private string Istiod => $"{First}/k8s/namespaces/istio-system/apps/deployments/istiod-asm-1233-2";

    private string Namespace => $"{First}/k8s/namespaces/istio-system";

    private string Cart => $"{First}/k8s/namespaces/shop/apps/deployments/cart";

    private string ShopNamespace => $"{First}/k8s/namespaces/shop";

    [Fact]
    public async Task Broken_GoodRun_HasNone()
    {
        Assert.Equal((RolloutState.Succeeded, RolloutState.Compensated), (Run.Installed?.Rollout.State, Run.Ended?.Rollout.State));
        Assert.Empty(await Tenets.BrokenAsync(Run));
    }

    [Fact]
    public Task Broken_ObjectOfOursLeft_IsAnOrphan() =>
        NamesAsync("no orphan", $"{ShopNamespace}/configmaps/left stands", Partly with { After = With(Run.After, $"{ShopNamespace}/configmaps/left", Owned) });

    [Fact]
    public Task Broken_LeaseLeft_IsAnOrphan() =>
        NamesAsync("no orphan", "leases/meshworkflow stands", Partly with
        {
            After = With(Run.After, $"{First}/k8s/namespaces/kube-system/coordination.k8s.io/leases/meshworkflow", "{}"),
        });

    [Fact]
    public Task Broken_SomethingFoundIsGone_IsATheft() => NamesAsync("no theft", $"{Cart} is gone", Partly with { After = Without(Run.After, Cart) });

    [Fact]
    public Task Broken_WhatOthersMadeIsGone_IsATheft() =>
        NamesAsync("no theft", $"{Namespace}/configmaps/theirs is gone", Added(Run, Call(Others, "create configmaps", $"{Namespace}/configmaps/theirs", "created")));

    [Fact]
    public Task Broken_WhatOthersWroteIsGone_IsATheft() =>
        NamesAsync("no theft", $"what somebody else wrote on {ShopNamespace} is gone", Added(Run, Call(Others, "patch namespaces", ShopNamespace, "updated") with
        {
            Body = JsonNode.Parse("""{"metadata":{"labels":{"somebody-else":"was-here"}}}"""),
        }));

    [Fact]
    public Task Broken_RoleOfOthersIsGone_IsATheft() =>
        NamesAsync("no theft", "the role of user:somebody-else-1@example.com is gone", Added(Run, Call(Others, "projects.setIamPolicy", "//cloudresourcemanager.googleapis.com/projects/demo-apps", "updated") with
        {
            Body = JsonNode.Parse("""{"policy":{"bindings":[{"role":"roles/browser","members":["user:somebody-else-1@example.com"]}]}}"""),
        }));

    [Fact]
    public async Task Broken_OthersTookItAway_IsNoTheftAndNoDifference()
    {
        var taken = Added(Run, Call(Others, "delete namespaces", ShopNamespace, "deleted"));

        Assert.Empty(await Tenets.BrokenAsync(taken with { After = Without(Run.After, ShopNamespace) }));
    }

    [Fact]
    public Task Broken_MadeTwice_IsADoubleEffect()
    {
        var made = Run.Journal.First(entry => entry.Effects.Contains($"created {Istiod}"));

        return NamesAsync("no double effect", $"{Istiod} was made twice", Added(Run, made));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Broken_MadeAgainAfterOthersTookItAway_IsNoDoubleEffect(bool isWithItsNamespace)
    {
        var made = Run.Journal.First(entry => entry.Effects.Contains($"created {Istiod}"));
        var taken = Call(Others, "delete", isWithItsNamespace ? Namespace : Istiod, "deleted");

        Assert.Empty(await Tenets.BrokenAsync(Added(Added(Run, made), taken)));
    }

    [Fact]
    public Task Broken_RestartedOnceTooOften_IsADoubleEffect() =>
        NamesAsync("no double effect", $"{Cart} was restarted 3 times", Added(Run, Call(Installer, "patch deployments", Cart, "updated")));

    [Fact]
    public Task Broken_WrittenAfterTheEnd_IsADoubleEffect() =>
        NamesAsync("no double effect", $"patch deployments on {Namespace}/apps/deployments/late after the end", Run with
        {
            Journal = [.. Run.Journal, Call(Installer, "patch deployments", $"{Namespace}/apps/deployments/late", "updated")],
        });

    [Fact]
    public Task Broken_MoreFailuresThanMay_IsTheBudget() =>
        NamesAsync("budget", "2 clusters of rest failed with a budget of 0 and 1 at once", BothEnded("STEP_FAILED"));

    [Fact]
    public async Task Broken_RolledBackWithItsStage_IsNotAmongTheBudgetsFailures() => Assert.Empty(await Tenets.BrokenAsync(BothEnded("BUDGET_EXHAUSTED")));

    [Fact]
    public Task Broken_StepsInAnotherOrder_IsTheOrder() => NamesAsync("order", "c1: control-plane, fleet-membership", Moved(entry => entry.Effects.Contains($"created {Istiod}"), first: true));

    [Fact]
    public Task Broken_SecondStageBeganTooEarly_IsTheOrder()
    {
        var early = Writes.Of(recorded.Second, Run.Journal, Installer)[0];

        return NamesAsync("order", "the second stage began at 1,", Run with { Journal = [.. Run.Journal.Select(entry => entry == early ? entry with { Number = 1 } : entry)] });
    }

    [Fact]
    public Task Broken_NeverEnds_IsTheProgress()
    {
        var cluster = Run.Ended!.Clusters[0] with
        {
            State = ClusterState.Running,
            Steps = [Run.Ended.Clusters[0].Steps[0] with { Step = "fleet-membership", WaitsFor = "a quota", LastError = null }],
        };

        return NamesAsync("progress", "c1 Running fleet-membership a quota", Run with
        {
            Ended = null,
            Last = Run.Ended with { Rollout = Run.Ended.Rollout with { State = RolloutState.Running }, Clusters = [cluster] },
        });
    }

    [Theory]
    [InlineData("memberships.delete", "//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/c1", true, "fleet-membership, ingress-gateway, control-plane, mesh-namespace")]
    [InlineData("delete namespaces", "/k8s/namespaces/istio-system", true, "mesh-namespace, ingress-gateway, control-plane, fleet-membership")]
    [InlineData("delete deployments", "/k8s/namespaces/istio-system/apps/deployments/istiod-asm-1233-2", true, "control-plane, ingress-gateway, mesh-namespace, fleet-membership")]
    [InlineData("delete deployments", "/k8s/namespaces/istio-ingress/apps/deployments/istio-ingressgateway", false, "control-plane, mesh-namespace, fleet-membership, ingress-gateway")]
    public Task Broken_TakenBackInAnotherOrder_IsTheReverseUndo(string method, string resource, bool first, string order)
    {
        var name = resource.StartsWith('/') && !resource.StartsWith("//", StringComparison.Ordinal) ? $"{First}{resource}" : resource;

        return NamesAsync("reverse undo", $"c1: {order}", Moved(entry => entry.Method == method && entry.Resource == name, first));
    }

    [Fact]
    public async Task Broken_KeyInTheLogOrPackedInTheState_IsASecret()
    {
        var secret = Run.Secrets.MaxBy(each => each.Length)!;
        var (state, table) = (StateFile.CopyOf(Run.StateFile), $"a plan with {secret} in it, and so long that it lies there packed{new string('.', 2000)}");
        StateFile.Add(state, "ledger/broken", table);

        await NamesAsync("no secret", "is in the log", Run with { Output = $"{Run.Output}\nthe key is {secret}." });
        await NamesAsync("no secret", "is in state.value of ledger/broken", Run with { StateFile = state });
    }

#if OWN_WORKER
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Broken_HistoryThatTheWorkflowWouldNotMake_IsTheReplay(bool isOfTheEnd)
    {
        var state = StateFile.CopyOf(Run.StateFile);
        var id = StateFile.Alter(state, isOfTheEnd);

        await NamesAsync("replay", id, Run with { StateFile = state });
    }
#endif

    [Fact]
    public async Task Broken_SomethingIsOtherThanBefore_IsTheWorld()
    {
        await NamesAsync("world as before", $"{ShopNamespace} metadata.labels.team: \"shop\" -> \"ours\"", Run with { After = Labelled("team", "ours") });
        await NamesAsync("world as before", $"{ShopNamespace} metadata.labels[\"istio.io/rev\"]: nothing -> \"asm-1233-2\"", Run with { After = Labelled("istio.io/rev", "asm-1233-2") });
        Assert.Empty(await Tenets.BrokenAsync(Run with { After = Labelled("somebody-else", "was-here") }));
    }

    [Fact]
    public Task Broken_OneStandsInWhatIsSaidToBeCompensated_IsTheHonestEnd() =>
        NamesAsync("honest end", "Compensated with Succeeded, Compensated", Run with
        {
            Ended = Run.Ended! with { Clusters = [Run.Ended.Clusters[0] with { State = ClusterState.Succeeded }, Run.Ended.Clusters[1]] },
        });

    [Fact]
    public Task Broken_FailedForGoodThoughAllPasses_IsThePatience() =>
        NamesAsync("patience", "c1 is Compensated: GAVE_UP", Run with
        {
            Installed = Run.Installed! with { Clusters = [Run.Installed.Clusters[0] with { State = ClusterState.Compensated, Reason = "GAVE_UP" }, Run.Installed.Clusters[1]] },
        });

    [Fact]
    public Task Broken_RollbackWithoutFaultsLeavesSomething_IsTheWayBack() =>
        NamesAsync("way back", "c1 is CompensationIncomplete after a rollback in which nothing went wrong: GAVE_UP", Run with
        {
            Ended = Run.Ended! with
            {
                Rollout = Run.Ended.Rollout with { State = RolloutState.CompensationIncomplete },
                Clusters = [Run.Ended.Clusters[0] with { State = ClusterState.CompensationIncomplete, Reason = "GAVE_UP" }, Run.Ended.Clusters[1]],
            },
        });

    private Evidence BothEnded(string reason) => Run with
    {
        Scenario = Run.Scenario with
        {
            Request = Run.Scenario.Request with { Stages = [new("rest", [recorded.First.Name, recorded.Second.Name], 1, 0)] },
            IsPassing = false,
        },
        Installed = Run.Installed! with { Clusters = [.. Run.Installed.Clusters.Select(cluster => cluster with { State = ClusterState.Compensated, Reason = reason })] },
    };

    private static async Task NamesAsync(string tenet, string what, Evidence broken)
    {
        var found = await Tenets.BrokenAsync(broken);

        Assert.Contains(found, each => each.Contains(what, StringComparison.Ordinal));
        Assert.All(found, each => Assert.StartsWith($"{tenet}: ", each, StringComparison.Ordinal));
    }

    // Where the installation ended: what was done between is before the undo.
    private static Evidence Added(Evidence run, JournalEntry entry) => run with
    {
        Journal = [.. run.Journal.Take(run.InstalledAt), entry, .. run.Journal.Skip(run.InstalledAt)],
        EndedAt = run.EndedAt + 1,
    };

    private Evidence Moved(Predicate<JournalEntry> which, bool first)
    {
        var moved = Run.Journal.Single(entry => which(entry));
        var others = Run.Journal.Where(entry => entry != moved);
        return Run with { Journal = first ? [moved, .. others] : [.. others.Take(Run.EndedAt - 1), moved, .. others.Skip(Run.EndedAt - 1)] };
    }

    private static JournalEntry Call(string principal, string method, string resource, string effect) =>
        new(0, DateTimeOffset.UnixEpoch, resource.Contains("/k8s/", StringComparison.Ordinal) ? "kubernetes" : "cloudresourcemanager", method, "POST", "", resource, principal, 200, [$"{effect} {resource}"]);

    private static WorldSnapshot With(WorldSnapshot world, string name, string resource) =>
        new(new Dictionary<string, JsonNode>(world.Resources) { [name] = JsonNode.Parse(resource)! });

    private static WorldSnapshot Without(WorldSnapshot world, string name) =>
        new(world.Resources.Where(each => each.Key != name && !each.Key.StartsWith($"{name}/", StringComparison.Ordinal)).ToDictionary());

    private WorldSnapshot Labelled(string label, string value)
    {
        var shop = Run.After.Resources[ShopNamespace].DeepClone();
        shop["metadata"]!["labels"]![label] = value;
        return With(Run.After, ShopNamespace, shop.ToJsonString());
    }
}
