using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Puts changes of objects back, where they still are ours to put back.</summary>
internal sealed class ObjectReverting(ObjectPlace place, ObjectBodies bodies, WriteFacts facts)
{
    private readonly List<Residue> _residue = [];
    private readonly List<string> _leaving = [];
    private bool _isEmptying;

    public async Task<ObjectUndo> RunAsync(
        IReadOnlyList<Change> changes, IReadOnlyDictionary<ObjectRef, JsonObject> live, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Reverse())
        {
            var target = ObjectRef.Parse(change.Resource);
            var found = live.GetValueOrDefault(target);
            if (found is null)
            {
                continue;
            }

            if (change.Action is not ChangeAction.Create)
            {
                await PutBackAsync(change, cancellationToken);
            }
            else if (ObjectMarks.AreOn(found, facts.Call.Run))
            {
                await TakeAwayAsync(change, target, found, cancellationToken);
            }
        }

        return new ObjectUndo(_residue, _leaving);
    }

    private async Task TakeAwayAsync(Change change, ObjectRef target, JsonObject found, CancellationToken cancellationToken)
    {
        var uid = found.Text("metadata", "uid") ?? "";
        var isHolder = target.Group == "apiextensions.k8s.io" || (target.Group.Length == 0 && target.Plural == "namespaces");
        if (found.IsTerminating())
        {
            _leaving.Add(uid);
            _isEmptying |= !isHolder;
            return;
        }

        var differences = FieldDifferences.Between(await bodies.ReadAsync(change, cancellationToken), found);
        if (differences.Count > 0)
        {
            _residue.AddRange(differences.Select(difference => new Residue
            {
                Resource = change.Resource,
                Path = difference.Path.ToString(),
                Found = FieldValues.Of(difference.Live),
                Reason = "somebody has changed it since; left as it is",
            }));
            _residue.Add(Undoing.Standing(change.Resource, $"{target} is of ours, but somebody has changed it since"));
            return;
        }

        // What holds others goes last, and only empty; as long as anything in it may be on its way out, that can't be told.
        if (isHolder && _isEmptying)
        {
            _leaving.Add(uid);
            return;
        }

        if (isHolder && await ObjectContents.ForeignAsync(place.Client, target, found, cancellationToken) is { Count: > 0 } contents)
        {
            _residue.Add(Undoing.Standing(change.Resource, $"somebody's are in it: {string.Join(", ", contents)}"));
            return;
        }

        await facts.Gate.EnterAsync(cancellationToken);
        var type = await place.Client.Types.FindResourceAsync(target.Group, target.Plural, cancellationToken)
            ?? throw new WaitException($"the cluster does not say what {target.Plural} are");
        await place.Client.DeleteAsync(type, found, cancellationToken);
        _leaving.Add(uid);
        _isEmptying |= !isHolder;
    }

    private async Task PutBackAsync(Change change, CancellationToken cancellationToken)
    {
        var found = await new ObjectApplying(place, bodies, facts)
            .SetAsync(change, FieldState.After, field => FieldValues.ToNode(field.Before), cancellationToken);
        if (found is not null)
        {
            _residue.AddRange(change.Fields
                .Where(field => FieldValues.StateOf(field, found) is FieldState.Foreign)
                .Select(field => FieldValues.Foreign(change, field, found)));
        }
    }
}
