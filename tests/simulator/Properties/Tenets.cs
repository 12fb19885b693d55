using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>What must be true of every run, whatever went wrong in it.</summary>
internal static class Tenets
{
    private const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";
    private const string Mark = "meshworkflow.dev/rollout";
    private static readonly string[] Drawn = ["pods", "replicasets", "controllerrevisions", "endpoints", "endpointslices", "leases", "events"];

    public static async Task<IReadOnlyList<string>> BrokenAsync(Evidence run)
    {
        var broken = new List<string>();
        Add("progress", Progress(run));
        if (run.Ended is not null)
        {
            Add("no orphan", Orphans(run));
            Add("no theft", Thefts(run));
            Add("no double effect", Doubles(run));
            Add("budget", Budgets(run));
            Add("order", Order(run));
            Add("reverse undo", ReverseUndo(run));
            Add("world as before", WorldAsBefore(run));
            Add("honest end", Honesty(run));
            Add("patience", Patience(run));
            Add("way back", WayBack(run));
        }

        Add("no secret", Secrets(run));
        Add("replay", await Replays.BrokenAsync(run.StateFile));
        return broken;

        void Add(string tenet, IEnumerable<string> found) => broken.AddRange(found.Select(each => $"{tenet}: {each}"));
    }

    // It ends, or it says for each cluster that has not what it waits for.
    private static IEnumerable<string> Progress(Evidence run)
    {
        if (run.Ended is null)
        {
            yield return $"{run.Last?.Rollout.State} for too long: " + string.Join("; ", (run.Last?.Clusters ?? []).Concat(run.Last?.Scopes ?? []).Select(cluster =>
                $"{cluster.Name} {cluster.State} {string.Join(", ", cluster.Steps.Where(step => step.WaitsFor is not null || step.LastError is not null).Select(step => $"{step.Step} {step.WaitsFor} {step.LastError}"))}"));
        }
    }

    // Where a cluster is said not to stand, nothing of ours does, and nobody owns it any more.
    private static IEnumerable<string> Orphans(Evidence run)
    {
        foreach (var cluster in run.Scenario.World.Clusters)
        {
            var seen = run.Ended!.Clusters.Single(each => each.Name == cluster.Name);
            var prefix = $"{Writes.NameOf(cluster)}/k8s/";
            // A hold, and an undo that isn't over, keep the cluster for themselves.
            if (seen.State is not (ClusterState.Failed or ClusterState.CompensationIncomplete) && run.After.Resources.Keys.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal)
                && name.EndsWith("/leases/meshworkflow", StringComparison.Ordinal)) is { } lease)
            {
                yield return $"{seen.State}, and {lease} stands";
            }

            if (seen.State is ClusterState.Compensated or ClusterState.Skipped or ClusterState.Cancelled or ClusterState.Pending)
            {
                var ours = run.After.Resources.Where(resource => resource.Key.StartsWith(prefix, StringComparison.Ordinal)
                    && resource.Value["metadata"]?["annotations"]?[Mark] is not null).Select(resource => resource.Key);
                foreach (var name in ours.Where(name => !run.Before.Resources.ContainsKey(name)))
                {
                    yield return $"{cluster.Name} is {seen.State}, and {name} stands";
                }
            }
        }
    }

    // What was there is there, and what others made or wrote is, unless they took it away themselves.
    private static IEnumerable<string> Thefts(Evidence run)
    {
        var others = new OthersWork(run.Journal);
        foreach (var name in run.Before.Resources.Keys.Concat(others.Made).Distinct()
            .Where(name => !Drawn.Contains(name.Split('/')[^2]) && !run.After.Resources.ContainsKey(name) && !others.HasTaken(name)))
        {
            yield return $"{name} is gone";
        }

        foreach (var entry in run.Journal.Where(entry => OthersWork.Is(entry) && entry is { Status: 200, Effects.Count: > 0 }))
        {
            var isTheirs = entry.Body?.ToJsonString().Contains(OthersWork.Mark, StringComparison.Ordinal) == true && run.Before.Resources.ContainsKey(entry.Resource);
            if (isTheirs && entry.Api == "kubernetes" && run.After.Resources.TryGetValue(entry.Resource, out var now) && !now.ToJsonString().Contains(OthersWork.Mark, StringComparison.Ordinal))
            {
                yield return $"what somebody else wrote on {entry.Resource} is gone";
            }
        }

        var (members, left) = (Members(run.Journal), Policies(run.After));
        foreach (var member in members.Where(member => !left.Contains(member, StringComparison.Ordinal)))
        {
            yield return $"the role of {member} is gone";
        }
    }

    // Others' members that policies were written with by others last, by calls that were answered well.
    private static IReadOnlyList<string> Members(IReadOnlyList<JournalEntry> journal) =>
    [
        .. journal.Where(entry => entry is { Status: 200 } && OthersWork.Is(entry) && entry.Method.EndsWith("setIamPolicy", StringComparison.Ordinal))
            .GroupBy(entry => entry.Resource)
            .SelectMany(policy => (policy.Last().Body?.ToJsonString() ?? "").Split('"').Where(text => text.StartsWith($"user:{OthersWork.Mark}", StringComparison.Ordinal)))
            .Distinct(),
    ];

    private static string Policies(WorldSnapshot world) => string.Join('\n', world.Resources.Where(resource => resource.Key.EndsWith("/iamPolicy", StringComparison.Ordinal)).Select(resource => resource.Value.ToJsonString()));

    // Nothing is made twice without having been taken away, workloads are restarted once for each install and undo, and after the end nothing is written.
    private static IEnumerable<string> Doubles(Evidence run)
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in run.Journal)
        {
            foreach (var effect in entry.Effects)
            {
                var (verb, resource) = (effect.Split(' ')[0], effect[(effect.IndexOf(' ') + 1)..]);
                if (verb == "created" && !standing.Add(resource) && (entry.Principal == Installer || entry.Method == "operation"))
                {
                    yield return $"{resource} was made twice";
                }

                // Whoever takes something away: what was in it is gone too, and may be made again.
                if (verb is "deleted" or "failed")
                {
                    standing.RemoveWhere(each => each == resource || each.StartsWith($"{resource}/", StringComparison.Ordinal));
                }
            }
        }

        var restarts = run.Journal.Where(entry => entry.Effects.Count > 0 && entry.Resource.EndsWith("/apps/deployments/cart", StringComparison.Ordinal) && entry.Principal == Installer)
            .GroupBy(entry => entry.Resource)
            .Where(group => group.Count() > 2);
        foreach (var restart in restarts)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{restart.Key} was restarted {restart.Count()} times");
        }

        foreach (var late in run.Journal.Skip(run.EndedAt).Where(entry => entry.Principal == Installer && entry.Effects.Count > 0))
        {
            yield return $"{late.Method} on {late.Resource} after the end";
        }
    }

    // At one more than the budget no other cluster begins; those under way may fail too.
    private static IEnumerable<string> Budgets(Evidence run)
    {
        if (run.Installed is not { } installed)
        {
            yield break;
        }

        foreach (var stage in run.Scenario.Request.Stages)
        {
            var begun = installed.Clusters.Where(cluster => stage.Clusters.Contains(cluster.Name)
                && Writes.Of(run.Scenario.World.Clusters.Single(each => each.Name == cluster.Name), run.Journal.Take(run.InstalledAt), Installer).Count > 0).ToList();

            // What had succeeded, and was rolled back with its stage, failed nothing.
            var failed = begun.Count(cluster => cluster.Reason is not (null or "BUDGET_EXHAUSTED" or "ROLLED_BACK") && cluster.State is not ClusterState.Succeeded);
            if (failed > stage.Budget + stage.MaxConcurrent)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{failed} clusters of {stage.Name} failed with a budget of {stage.Budget} and {stage.MaxConcurrent} at once");
            }
        }
    }

    // Steps begin in the order of the runbook, and the second stage begins when nothing of the first is under way.
    private static IEnumerable<string> Order(Evidence run)
    {
        foreach (var cluster in run.Scenario.World.Clusters)
        {
            var made = Writes.Made(Writes.Of(cluster, run.Journal.Take(run.InstalledAt), Installer));
            if (!made.SequenceEqual(made.OrderBy(Writes.Place)))
            {
                yield return $"{cluster.Name}: {string.Join(", ", made)}";
            }
        }

        if (run.Scenario.Request.Stages is [var canary, var rest])
        {
            var begins = run.Scenario.World.Clusters.Where(cluster => rest.Clusters.Contains(cluster.Name))
                .Select(cluster => Writes.Of(cluster, run.Journal, Installer) is [var first, ..] ? first.Number : int.MaxValue).Min();
            var gateway = run.Scenario.World.Clusters.Where(cluster => canary.Clusters.Contains(cluster.Name))
                .SelectMany(cluster => Writes.Of(cluster, run.Journal.Take(run.InstalledAt), Installer))
                .Where(entry => entry.Effects.Any(effect => effect.StartsWith("created ", StringComparison.Ordinal)))
                .Select(entry => entry.Number).DefaultIfEmpty(0).Max();
            if (gateway > begins)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"the second stage began at {begins}, the first made something at {gateway}");
            }
        }
    }

    // What was made first goes last.
    private static IEnumerable<string> ReverseUndo(Evidence run)
    {
        foreach (var cluster in run.Scenario.World.Clusters)
        {
            // What one undo could not put back another one does, when all that came before it is back already.
            var undos = run.Ended!.Clusters.Single(each => each.Name == cluster.Name).Events
                .Where(happened => happened.Outcome == nameof(ClusterState.Compensating))
                .Select(happened => happened.At)
                .ToList();
            foreach (var part in run.Journal.GroupBy(entry => undos.Count(begun => begun <= entry.At)))
            {
                var taken = Writes.TakenBack(cluster, part, Installer);
                if (!taken.SequenceEqual(taken.OrderByDescending(Writes.Place)))
                {
                    yield return $"{cluster.Name}: {string.Join(", ", taken)}";
                }
            }
        }
    }

    // Whenever it says Compensated, or that nothing was done, the world is as it was, minus what others edited.
    private static IEnumerable<string> WorldAsBefore(Evidence run) =>
        run.Ended!.Rollout.State is RolloutState.Compensated or RolloutState.Refused
            ? Worlds.Differences(run.Before, run.After).Where(difference => !IsResidue(run, difference.Resource) && !IsTaken(run, difference)).Select(Worlds.Show)
            : [];

    // Somebody else's value in a field that isn't ours to delete leaves Compensated, and is listed.
    private static bool IsResidue(Evidence run, string resource) =>
        run.Ended!.Clusters.Concat(run.Ended.Scopes).Any(scope => scope.Residue.Any(line => line is { Ours: false } && line.Resource == resource));

    // What was there and others took away is not there any more.
    private static bool IsTaken(Evidence run, WorldDifference difference) =>
        difference is { Path: "", After: null } && new OthersWork(run.Journal).HasTaken(difference.Resource);

    // What it says of the whole is what it says of the parts.
    private static IEnumerable<string> Honesty(Evidence run)
    {
        var (rollout, states) = (run.Ended!.Rollout.State, run.Ended.Clusters.Select(cluster => cluster.State).ToList());
        if (rollout is RolloutState.Succeeded && states.Exists(state => state is not ClusterState.Succeeded))
        {
            yield return $"Succeeded with {string.Join(", ", states)}";
        }

        if (rollout is RolloutState.Compensated && states.Exists(state => state is ClusterState.Succeeded or ClusterState.Failed or ClusterState.CompensationIncomplete or ClusterState.Running))
        {
            yield return $"Compensated with {string.Join(", ", states)}";
        }

        if (rollout is RolloutState.CompensationIncomplete && run.Ended.Clusters.Concat(run.Ended.Scopes).All(scope => scope.Residue.Count == 0 && scope.Reason is null))
        {
            yield return "CompensationIncomplete, and neither a residue nor a reason says why";
        }
    }

    // What passes by itself slows a rollout down, and doesn't fail it. What preflight refuses is left out.
    private static IEnumerable<string> Patience(Evidence run)
    {
        if (!run.Scenario.IsPassing || run.Installed is not { } installed)
        {
            return [];
        }

        return installed.Clusters.Concat(installed.Scopes)
            .Where(scope => scope.State is not (ClusterState.Succeeded or ClusterState.Skipped) || scope.Reason is "SCOPE_FAILED" or "GAVE_UP" or "BUDGET_EXHAUSTED")
            .Select(scope => $"{scope.Name} is {scope.State}: {scope.Reason} {scope.Message}");
    }

    // When nothing goes wrong any more and nobody else has written, a rollback takes back all.
    private static IEnumerable<string> WayBack(Evidence run) =>
        run.Scenario is { IsRolledBack: true, Faults.HasOthers: false } && run.Ended!.Rollout.State is RolloutState.CompensationIncomplete
            ? run.Ended.Clusters.Concat(run.Ended.Scopes).Where(scope => scope.State is ClusterState.CompensationIncomplete)
                .Select(scope => $"{scope.Name} is {scope.State} after a rollback in which nothing went wrong: {scope.Reason} {scope.Message} {string.Join("; ", scope.Residue)}")
            : [];

    private static IEnumerable<string> Secrets(Evidence run) =>
        Outputs.Find(run).Select(found => $"'{found.Secret[..Math.Min(12, found.Secret.Length)]}…' is in {found.Place}");
}
