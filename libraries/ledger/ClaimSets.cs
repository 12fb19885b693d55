using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>How a set of claims changes. Each answers whether it has.</summary>
internal static class ClaimSets
{
    /// <summary>Who puts back something that a plan wants.</summary>
    public static string? Reverting(this ClaimSet set, Plan plan) => set.Claims
        .FirstOrDefault(claim => claim.Reverting.Length > 0 && Wants(plan, claim))?.Reverting;

    public static bool Join(this ClaimSet set, string run, Plan plan)
    {
        var changed = false;
        foreach (var change in plan.Changes.Where(change => change.Undo is Undo.Exact))
        {
            foreach (var field in change.Fields)
            {
                changed |= set.Change(run, change, field);
            }
        }

        foreach (var claim in set.Claims.Where(claim => !claim.Holders.Contains(run) && plan.ReliesOn.Any(relied => IsOf(claim, relied.Resource, relied.Path))))
        {
            claim.Holders.Add(run);
            changed = true;
        }

        return changed;
    }

    public static bool Leave(this ClaimSet set, string run)
    {
        var left = set.Claims.Where(claim => claim.Holders.Remove(run)).ToList();
        foreach (var claim in left.Where(claim => claim.Holders.Count == 0))
        {
            claim.Reverting = run;
        }

        return left.Count > 0;
    }

    public static bool Remove(this ClaimSet set, string run)
    {
        var ended = set.Claims.Where(claim => claim.Reverting == run).ToList();
        ended.ForEach(claim => set.Claims.Remove(claim));
        return ended.Count > 0;
    }

    public static bool Keep(this ClaimSet set, string run)
    {
        var kept = set.Claims.Where(claim => claim.Reverting == run).ToList();
        kept.ForEach(claim => claim.Reverting = "");
        return kept.Count > 0;
    }

    /// <summary>The plan that claims are put back by: per resource one change, in the order of their making.</summary>
    public static Plan UndoOf(IEnumerable<Claim> claims) => new()
    {
        Changes =
        {
            claims.GroupBy(claim => claim.Resource).Select(group => new Change
            {
                Resource = group.Key,
                Action = group.First().Action,
                Fields = { group.Select(claim => claim.Field) },
                Undo = Undo.Exact,
            }),
        },
    };

    private static bool Change(this ClaimSet set, string run, Change change, FieldChange field)
    {
        var claim = set.Claims.FirstOrDefault(known => IsOf(known, change.Resource, field.Path));
        if (claim is null)
        {
            set.Claims.Add(new Claim { Resource = change.Resource, Action = change.Action, Field = field, Holders = { run } });
            return true;
        }

        var joins = !claim.Holders.Contains(run);
        if (joins)
        {
            claim.Holders.Add(run);
        }

        // A value that is neither the one from before nor ours is what somebody wanted meanwhile: it is the new before.
        var before = AreEqual(field.Before, claim.Field.After) ? claim.Field.Before : field.Before;
        var wanted = new FieldChange { Path = field.Path, Before = before, After = field.After, KnownAfter = field.KnownAfter };
        if (claim.Field.Equals(wanted))
        {
            return joins;
        }

        claim.Field = wanted;
        return true;
    }

    private static bool Wants(Plan plan, Claim claim) =>
        plan.ReliesOn.Any(relied => IsOf(claim, relied.Resource, relied.Path))
        || plan.Changes.Any(change => change.Fields.Any(field => IsOf(claim, change.Resource, field.Path)));

    private static bool IsOf(Claim claim, string resource, string path) => claim.Resource == resource && claim.Field.Path == path;

    private static bool AreEqual(Google.Protobuf.WellKnownTypes.Value? one, Google.Protobuf.WellKnownTypes.Value? other) =>
        one is null ? other is null : one.Equals(other);
}
