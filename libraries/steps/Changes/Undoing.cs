using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Changes;

/// <summary>Decides, field by field, what an undo may put back.</summary>
public static class Undoing
{
    /// <summary>Compares a field with what the plan says of it.</summary>
    /// <param name="field">The planned change.</param>
    /// <param name="live">What the field is now.</param>
    /// <returns>Whose value it is.</returns>
    public static FieldState Compare(FieldChange field, Value? live)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (Values.AreEqual(live, field.Before))
        {
            return FieldState.Before;
        }

        return Values.AreEqual(live, field.After) ? FieldState.After : FieldState.Foreign;
    }

    /// <summary>Names a value that somebody has put in the place of ours.</summary>
    /// <param name="resource">The full resource name.</param>
    /// <param name="field">The planned change.</param>
    /// <param name="live">What the field is now.</param>
    /// <returns>The residue.</returns>
    public static Residue Foreign(string resource, FieldChange field, Value? live) => new()
    {
        Resource = resource,
        Path = field.Path,
        Found = live,
        Reason = $"somebody has changed it from {Values.Show(field.After)} to {Values.Show(live)} since; left as it is",
    };

    /// <summary>Names a thing of ours that stays.</summary>
    /// <param name="resource">The full resource name.</param>
    /// <param name="reason">Why it stays.</param>
    /// <returns>The residue.</returns>
    public static Residue Standing(string resource, string reason) => new() { Resource = resource, Reason = reason, Ours = true };
}

/// <summary>Whose value a field has.</summary>
public enum FieldState
{
    /// <summary>The one from before: there is nothing to undo.</summary>
    Before,

    /// <summary>Ours: it is to be put back.</summary>
    After,

    /// <summary>Somebody else's: it is left.</summary>
    Foreign,
}
