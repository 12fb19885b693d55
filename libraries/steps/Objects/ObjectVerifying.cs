using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Looks whether objects are on the wanted side of a plan.</summary>
internal sealed class ObjectVerifying(ObjectBodies bodies, VerifyFacts facts)
{
    public async Task<Outcome?> RunAsync(
        IReadOnlyList<Change> changes, IReadOnlyDictionary<ObjectRef, JsonObject> live, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            var target = ObjectRef.Parse(change.Resource);
            var found = live.GetValueOrDefault(target);
            if (facts.Side is Side.Before && found is not null && found.IsTerminating())
            {
                throw new WaitException($"{target} is being deleted");
            }

            var after = found is not null && await IsAfterAsync(change, found, cancellationToken);
            if (after != facts.Side is Side.After)
            {
                return Outcomes.Conflict(change.Resource, $"{target} is {(after ? "still" : "not")} as planned");
            }
        }

        return null;
    }

    private async Task<bool> IsAfterAsync(Change change, JsonObject found, CancellationToken cancellationToken) =>
        change.Action is ChangeAction.Create
            ? ObjectMarks.AreOn(found, facts.Call.Run)
                && FieldDifferences.Between(await bodies.ReadAsync(change, cancellationToken), found).Count == 0
            : change.Fields.All(field => FieldValues.StateOf(field, found) is FieldState.After);
}
