using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Changes;

/// <summary>Builds plans.</summary>
public static class Plans
{
    /// <summary>A plan without a change: the world is as wanted.</summary>
    public static Plan Nothing() => new();

    /// <summary>A plan of one change that is put back exactly.</summary>
    /// <param name="resource">The full resource name.</param>
    /// <param name="action">What happens to it.</param>
    /// <param name="fields">Its fields; those that don't change are left out.</param>
    /// <returns>The plan; without a field that changes it has no change.</returns>
    public static Plan Of(string resource, ChangeAction action, params IEnumerable<FieldChange> fields)
    {
        var changed = fields.Where(field => !Values.AreEqual(field.Before, field.After)).ToList();
        return changed.Count == 0
            ? Nothing()
            : new Plan
            {
                Changes = { new Change { Resource = resource, Action = action, Undo = Undo.Exact, Fields = { changed } } },
            };
    }

    /// <summary>The same plan with something that people should know.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="code">UPPER_SNAKE_CASE, stable.</param>
    /// <param name="message">What.</param>
    /// <param name="link">Where more is said of it.</param>
    /// <returns>The same plan.</returns>
    public static Plan With(this Plan plan, string code, string message, string link = "")
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Notices.Add(new Notice { Code = code, Message = message, Link = link });
        return plan;
    }

    /// <summary>A field's change.</summary>
    /// <param name="path">Its path in the resource.</param>
    /// <param name="before">What it is; <see langword="null"/>: it isn't there.</param>
    /// <param name="after">What it is to be; <see langword="null"/>: not to be there.</param>
    /// <returns>The change.</returns>
    public static FieldChange Field(string path, Value? before, Value? after) => new() { Path = path, Before = before, After = after };

    /// <summary>A field's change.</summary>
    /// <param name="path">Its path in the resource.</param>
    /// <param name="before">What it is; <see langword="null"/>: it isn't there.</param>
    /// <param name="after">What it is to be; <see langword="null"/>: not to be there.</param>
    /// <returns>The change.</returns>
    public static FieldChange Field(string path, string? before, string? after) =>
        new() { Path = path, Before = Values.Of(before), After = Values.Of(after) };

    /// <summary>
    /// What counts as a field's value from before: within one generation a value that an earlier plan of ours wrote keeps that
    /// plan's before; any other is what somebody wants, and is the new before.
    /// </summary>
    /// <param name="earlier">This generation's earlier plans of the step, oldest first.</param>
    /// <param name="resource">The full resource name.</param>
    /// <param name="path">The field.</param>
    /// <param name="live">What it is now.</param>
    /// <returns>The value from before.</returns>
    public static Value? Before(IReadOnlyList<Plan> earlier, string resource, string path, Value? live)
    {
        var written = earlier.Reverse()
            .SelectMany(plan => plan.Changes.Where(change => change.Resource == resource))
            .SelectMany(change => change.Fields.Where(field => field.Path == path))
            .FirstOrDefault(field => Values.AreEqual(field.After, live));
        return written is null ? live : written.Before;
    }

    /// <summary>Whether an earlier plan of this generation was to create a resource.</summary>
    /// <param name="earlier">This generation's earlier plans of the step.</param>
    /// <param name="resource">The full resource name.</param>
    /// <returns>Whether one was.</returns>
    public static bool WasCreated(IReadOnlyList<Plan> earlier, string resource) => earlier.Any(plan =>
        plan.Changes.Any(change => change.Action is ChangeAction.Create && change.Resource == resource));
}
