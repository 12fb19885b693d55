using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Calls;

/// <summary>A step as the catalog sees it.</summary>
public interface IStep
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>What declares its spec.</summary>
    MessageDescriptor Spec { get; }

    /// <summary>How long its Apply may take; absent: as long as every call.</summary>
    TimeSpan? ApplyLimit { get; }

    internal Task<Plan> PlanAsync(Any spec, PlanFacts facts, CancellationToken cancellationToken);

    internal Task<Outcome> ApplyAsync(LedgerEntry entry, WriteFacts facts, CancellationToken cancellationToken);

    internal Task<Outcome> VerifyAsync(LedgerEntry entry, VerifyFacts facts, CancellationToken cancellationToken);

    internal Task<Outcome> RevertAsync(LedgerEntry entry, WriteFacts facts, CancellationToken cancellationToken);
}

/// <summary>
/// The base of a step: one reversible change of the world. What it throws becomes an outcome at the service's edge; so it decides
/// only what is particular to it.
/// </summary>
/// <typeparam name="TSpec">What it is to bring about.</typeparam>
public abstract class Step<TSpec> : IStep
    where TSpec : IMessage<TSpec>, new()
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public MessageDescriptor Spec { get; } = new TSpec().Descriptor;

    /// <inheritdoc/>
    /// <remarks>More than the default only where nothing is ever undone: compensation counts on calls to end.</remarks>
    public virtual TimeSpan? ApplyLimit => null;

    Task<Plan> IStep.PlanAsync(Any spec, PlanFacts facts, CancellationToken cancellationToken) =>
        PlanAsync(spec.Unpack<TSpec>(), facts, cancellationToken);

    Task<Outcome> IStep.ApplyAsync(LedgerEntry entry, WriteFacts facts, CancellationToken cancellationToken) =>
        ApplyAsync(entry.Spec.Unpack<TSpec>(), entry.Plan, facts, cancellationToken);

    Task<Outcome> IStep.VerifyAsync(LedgerEntry entry, VerifyFacts facts, CancellationToken cancellationToken) =>
        VerifyAsync(entry.Spec.Unpack<TSpec>(), entry.Plan, facts, cancellationToken);

    Task<Outcome> IStep.RevertAsync(LedgerEntry entry, WriteFacts facts, CancellationToken cancellationToken) =>
        RevertAsync(entry.Spec.Unpack<TSpec>(), entry.Plan, facts, cancellationToken);

    /// <summary>Reads the world and answers the changes. Writes nothing.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="facts">Who asks.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The changes.</returns>
    protected abstract Task<Plan> PlanAsync(TSpec spec, PlanFacts facts, CancellationToken cancellationToken);

    /// <summary>Makes exactly the changes of a plan. Delivered twice, the second finds them made.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="plan">The changes; at least one.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    protected abstract Task<Outcome> ApplyAsync(TSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken);

    /// <summary>Says whether the world is at the wanted side. Writes nothing.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="plan">The changes; at least one.</param>
    /// <param name="facts">Which side, and what was answered as pending.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    protected abstract Task<Outcome> VerifyAsync(TSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken);

    /// <summary>Puts every change of a plan back, last first, where it still is ours to put back. Delivered twice, the second finds it put back.</summary>
    /// <param name="spec">What was wanted.</param>
    /// <param name="plan">The changes; at least one.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    protected abstract Task<Outcome> RevertAsync(TSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken);
}
