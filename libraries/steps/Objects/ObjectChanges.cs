using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>
/// Changes of a cluster's objects, the same way for every step: what isn't there is made and is ours; what is there as wanted is
/// used and stays; what is there and differs is refused; an undo compares before it writes.
/// </summary>
/// <param name="blobs">Where the bodies of planned objects lie.</param>
public sealed class ObjectChanges(Blobs blobs)
{
    private const int ReadsAtOnce = 8;

    /// <summary>Plans objects that are to be there.</summary>
    /// <param name="place">Where.</param>
    /// <param name="wanted">The objects, in the order in which they are applied.</param>
    /// <param name="facts">Who asks.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The changes, in the same order.</returns>
    /// <exception cref="MeshException">Objects are there that differ: <c>OBJECTS_DIFFER</c>, one violation for each.</exception>
    public async Task<IReadOnlyList<Change>> PlanAsync(
        ObjectPlace place, IReadOnlyList<WantedObject> wanted, PlanFacts facts, CancellationToken cancellationToken)
    {
        var live = await ReadAsync(place, wanted.Select(one => one.Target), cancellationToken);
        var planning = new ObjectPlanning(place, facts);
        foreach (var one in wanted)
        {
            planning.Add(one, live.GetValueOrDefault(one.Target));
        }

        return await planning.EndAsync(new ObjectBodies(blobs), cancellationToken);
    }

    /// <summary>Plans fields of an object that is there. What it is now is what an undo puts back.</summary>
    /// <param name="place">Where.</param>
    /// <param name="target">The object.</param>
    /// <param name="live">The object, as read.</param>
    /// <param name="wanted">The fields with their values; a null value takes a field away.</param>
    /// <param name="facts">Who asks.</param>
    /// <returns>The change, or none: all are as wanted.</returns>
    public static Change? PlanFields(
        ObjectPlace place, ObjectRef target, JsonObject live, IEnumerable<(FieldPath Path, JsonNode? Value)> wanted, PlanFacts facts)
    {
        ArgumentNullException.ThrowIfNull(place);
        return ObjectPlanning.Fields(place.NameOf(target), live, wanted, facts);
    }

    /// <summary>Makes the changes of a plan.</summary>
    /// <param name="place">Where.</param>
    /// <param name="changes">The changes, in order.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A conflict: the world has moved; or <see langword="null"/>: all are made.</returns>
    public Task<Outcome?> ApplyAsync(
        ObjectPlace place, IEnumerable<Change> changes, WriteFacts facts, CancellationToken cancellationToken) =>
        new ObjectApplying(place, new ObjectBodies(blobs), facts).RunAsync(changes, cancellationToken);

    /// <summary>Looks whether the objects of a plan are as it wants them.</summary>
    /// <param name="place">Where.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="facts">Who asks, and which side is wanted.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A conflict: they are not; or <see langword="null"/>: they are.</returns>
    /// <exception cref="WaitException">Some are on their way out.</exception>
    public async Task<Outcome?> VerifyAsync(
        ObjectPlace place, IReadOnlyList<Change> changes, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var live = await ReadAsync(place, changes.Select(change => ObjectRef.Parse(change.Resource)), cancellationToken);
        return await new ObjectVerifying(new ObjectBodies(blobs), facts).RunAsync(changes, live, cancellationToken);
    }

    /// <summary>Puts changes back, last first, where they still are ours to put back.</summary>
    /// <param name="place">Where.</param>
    /// <param name="changes">The changes, in the order in which they were made.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What is left, and what is still on its way out.</returns>
    public async Task<ObjectUndo> RevertAsync(
        ObjectPlace place, IReadOnlyList<Change> changes, WriteFacts facts, CancellationToken cancellationToken)
    {
        var live = await ReadAsync(place, changes.Select(change => ObjectRef.Parse(change.Resource)), cancellationToken);
        return await new ObjectReverting(place, new ObjectBodies(blobs), facts).RunAsync(changes, live, cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<ObjectRef, JsonObject>> ReadAsync(
        ObjectPlace place, IEnumerable<ObjectRef> targets, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<ObjectRef, JsonObject>();
        await Parallel.ForEachAsync(
            targets.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (target, token) =>
            {
                if (await place.Client.FindAsync(target, token) is { } live)
                {
                    found[target] = live;
                }
            });
        return found;
    }
}

/// <summary>How far an undo of objects has come.</summary>
/// <param name="Residue">What it left as it found it.</param>
/// <param name="Leaving">The UIDs of what is on its way out.</param>
public sealed record ObjectUndo(IReadOnlyList<Residue> Residue, IReadOnlyList<string> Leaving)
{
    /// <summary>The outcome that this is.</summary>
    public Outcome ToOutcome() => Leaving.Count > 0 ? Outcomes.Pending(Leaving) : Outcomes.Done(Residue);
}
