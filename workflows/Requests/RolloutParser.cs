using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads in which order clusters have their turn, and how much may fail.</summary>
internal static class RolloutParser
{
    private const int MaxStages = 31;
    private const int MaxConcurrent = 100;
    private static readonly StageRequest Whole = new("all");

    public static RolloutRequest Parse(RequestReader spec, IReadOnlyList<ClusterRef> clusters)
    {
        var rollout = spec.Object("rollout", isRequired: false);
        if (rollout is null)
        {
            return new RolloutRequest { Stages = [Whole] };
        }

        var stages = Stages(rollout, clusters);
        var found = new RolloutRequest
        {
            Stages = stages.Count == 0 ? [Whole] : stages,
            OnFailure = rollout.Choice(
                "onFailure",
                FailureAction.RollbackCluster,
                ("rollback-cluster", FailureAction.RollbackCluster),
                ("rollback-stage", FailureAction.RollbackStage),
                ("rollback-rollout", FailureAction.RollbackRollout),
                ("hold", FailureAction.Hold)),
            Preflight = rollout.Choice("preflight", PreflightAction.Skip, ("skip", PreflightAction.Skip), ("stop", PreflightAction.Stop)),
        };
        rollout.NothingElse();
        return found;
    }

    private static List<StageRequest> Stages(RequestReader rollout, IReadOnlyList<ClusterRef> clusters)
    {
        var items = rollout.Objects("stages", isRequired: false);
        rollout.Schema?.Bound("stages", least: 1, MaxStages);
        if (items.Count > MaxStages)
        {
            rollout.Wrong("stages", "TOO_MANY", $"has {items.Count} stages", $"A rollout takes {MaxStages} at most.");
        }
        else if (items.Count == 0 && rollout.Has("stages"))
        {
            rollout.Wrong("stages", "EMPTY", "has no stage", "Name one at least, or leave it out.");
        }

        var stages = new List<StageRequest>();
        foreach (var item in items)
        {
            stages.Add(Stage(item, stages, clusters));
            item.NothingElse();
        }

        CheckAllTaken(rollout, stages, clusters);
        return stages;
    }

    private static StageRequest Stage(RequestReader item, List<StageRequest> earlier, IReadOnlyList<ClusterRef> clusters)
    {
        var name = item.Matching("name", Formats.DnsLabel(), "can't name a stage", "Use 1 to 63 lower-case letters, digits and hyphens.") ?? "";
        if (earlier.Any(stage => stage.Name == name))
        {
            item.Wrong("name", "DUPLICATE", $"'{name}' names two stages", "Give each stage a name of its own.");
        }

        var select = item.Object("select", isRequired: false);
        var names = Names(select, earlier, clusters);
        var labels = select?.Pairs("labels") ?? [];
        if (select is not null && names.Count == 0 && labels.Count == 0)
        {
            item.Wrong("select", "EMPTY", "selects nothing", "Give it names or labels, or leave it out: then the stage takes what no other does.");
        }
        else if (names.Count > 0 && labels.Count > 0)
        {
            item.Wrong("select", "WRONG_VALUE", "has names and labels", "Select by one of both.");
        }
        else if (select is null && earlier.Any(stage => stage.IsRest))
        {
            item.Wrong("select", "REQUIRED", "is required: another stage takes all the rest already", "Give it names or labels.");
        }

        select?.NothingElse();
        return new StageRequest(name)
        {
            Names = names,
            Labels = [.. labels.Select(label => new LabelRequest(label.Key, label.Value))],
            MaxConcurrent = item.Number("maxConcurrent", otherwise: 1, least: 1, MaxConcurrent),
            Budget = Budget(item),
            Soak = item.Time("soak", TimeSpan.Zero, TimeSpan.FromDays(30)) ?? TimeSpan.Zero,
            NeedsApproval = item.Choice("approval", otherwise: false, ("required", true), ("none", false)),
        };
    }

    private static IReadOnlyList<string> Names(RequestReader? select, List<StageRequest> earlier, IReadOnlyList<ClusterRef> clusters)
    {
        var names = select?.Texts("names") ?? [];
        foreach (var name in names)
        {
            var taken = clusters.Where(cluster => cluster.Name == name || cluster.ToString() == name).ToList();
            if (taken.Count == 0)
            {
                select?.Wrong("names", "UNKNOWN_CLUSTER", $"has '{name}', which is none of the request's clusters", "Name a cluster of spec.clusters, by its name or as PROJECT/LOCATION/NAME.");
            }
            else if (taken.Count > 1)
            {
                select?.Wrong("names", "AMBIGUOUS", $"has '{name}', which {taken.Count} clusters are called", "Write PROJECT/LOCATION/NAME.");
            }
            else if (earlier.Any(stage => stage.Names.Any(other => other == taken[0].Name || other == taken[0].ToString())))
            {
                select?.Wrong("names", "DUPLICATE", $"has '{name}', which an earlier stage has already", "Name each cluster in one stage.");
            }
        }

        return names;
    }

    private static FailureBudget Budget(RequestReader item)
    {
        var value = item.Any("failureBudget", BudgetSchema);
        var text = value is null ? "0" : value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var isPercent = text.EndsWith('%');
        var most = isPercent ? 100 : 1_000;
        if (Formats.Budget().IsMatch(text) && int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture) is var amount && amount <= most)
        {
            return new FailureBudget(amount, isPercent);
        }

        item.Wrong("failureBudget", "WRONG_FORMAT", $"'{text}' is no failure budget", "Write how many clusters may fail, such as 2, or a share, such as 5%.");
        return new FailureBudget(0, IsPercent: false);
    }

    private static JsonObject BudgetSchema() => new()
    {
        ["description"] = "How many clusters may fail, such as 2, or a share, such as 5%.",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 1_000 },
            new JsonObject { ["type"] = "string", ["pattern"] = "^([0-9]{1,3}|1000|([0-9]{1,2}|100)%)$" }),
    };

    // Labels are known only when the clusters are looked at; names are known now.
    private static void CheckAllTaken(RequestReader rollout, List<StageRequest> stages, IReadOnlyList<ClusterRef> clusters)
    {
        if (stages.Count == 0 || stages.Any(stage => stage.IsRest || stage.Labels.Count > 0))
        {
            return;
        }

        foreach (var left in clusters.Where(cluster => !stages.Any(stage => stage.Takes(cluster, new Dictionary<string, string>()))))
        {
            rollout.Wrong("stages", "NO_STAGE", $"has no stage for {left}", "Name it in a stage, or end with a stage without 'select'.");
        }
    }
}
