using System.Net;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Makes planned changes. Made ones are found made.</summary>
internal sealed class ObjectApplying(ObjectPlace place, ObjectBodies bodies, WriteFacts facts)
{
    // Controllers write status all the time; a write that meets one is made again on what is there now.
    private const int Tries = 5;

    public async Task<Outcome?> RunAsync(IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            var outcome = change.Action is ChangeAction.Create
                ? await CreateAsync(change, cancellationToken)
                : await UpdateAsync(change, cancellationToken);
            if (outcome is not null)
            {
                return outcome;
            }
        }

        return null;
    }

    /// <summary>Sets fields of the version that was read, as long as they are on one of the plan's sides.</summary>
    /// <param name="change">The planned change.</param>
    /// <param name="from">Fields of this state are set.</param>
    /// <param name="value">To what each is set.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The object as it was found; null: it is gone.</returns>
    public async Task<JsonObject?> SetAsync(
        Change change, FieldState from, Func<FieldChange, JsonNode?> value, CancellationToken cancellationToken)
    {
        var target = ObjectRef.Parse(change.Resource);
        for (var attempt = 1; ; attempt++)
        {
            var live = await place.Client.FindAsync(target, cancellationToken);
            if (live is null || await place.Client.Types.FindResourceAsync(target.Group, target.Plural, cancellationToken) is not { } type)
            {
                return null;
            }

            var fields = change.Fields.Where(field => FieldValues.StateOf(field, live) == from).ToList();
            if (fields.Count == 0 || (from is FieldState.Before && IsForeign(change, live)))
            {
                return live;
            }

            var body = (JsonObject)live.DeepClone();
            fields.ForEach(field => FieldPath.Parse(field.Path).Write(body, value(field)));
            await facts.Gate.EnterAsync(cancellationToken);
            try
            {
                await place.Client.ReplaceAsync(type with { ApiVersion = live.Text("apiVersion") ?? type.ApiVersion }, body, cancellationToken);
                return live;
            }
            catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.Conflict && attempt < Tries)
            {
                // Read and compare again.
            }
        }
    }

    private async Task<Outcome?> CreateAsync(Change change, CancellationToken cancellationToken)
    {
        var target = ObjectRef.Parse(change.Resource);
        var body = ObjectMarks.With(await bodies.ReadAsync(change, cancellationToken), facts.Call.Run);
        if (await place.Client.FindAsync(target, cancellationToken) is { } live)
        {
            return ObjectMarks.AreOn(live, facts.Call.Run) && !live.IsTerminating() && FieldDifferences.Between(body, live).Count == 0
                ? null
                : Outcomes.Conflict(change.Resource, $"{target} has come or changed since it was planned");
        }

        var type = await place.Client.Types.FindAsync(body.Text("apiVersion") ?? "", body.Text("kind") ?? "", cancellationToken)
            ?? throw new WaitException($"the cluster does not serve {body.Text("kind")} of {body.Text("apiVersion")} yet");
        await facts.Gate.EnterAsync(cancellationToken);
        await place.Client.ApplyAsync(type, body, cancellationToken);
        return null;
    }

    private async Task<Outcome?> UpdateAsync(Change change, CancellationToken cancellationToken)
    {
        var found = await SetAsync(change, FieldState.Before, field => FieldValues.ToNode(field.After), cancellationToken);
        return found is null || IsForeign(change, found)
            ? Outcomes.Conflict(change.Resource, $"{ObjectRef.Parse(change.Resource)} has changed since it was planned")
            : null;
    }

    private static bool IsForeign(Change change, JsonObject live) =>
        change.Fields.Any(field => FieldValues.StateOf(field, live) is FieldState.Foreign);
}
