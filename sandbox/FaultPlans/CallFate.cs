using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>What becomes of a call.</summary>
internal sealed class CallFate
{
    /// <summary>How it is refused; null: it isn't.</summary>
    public FaultSpec? Refusal { get; set; }

    /// <summary>How much longer it takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether the connection breaks before anything has happened.</summary>
    public bool BreaksBefore { get; set; }

    /// <summary>Whether the connection breaks when what was asked for has happened.</summary>
    public bool BreaksAfter { get; set; }

    /// <summary>Where it hangs.</summary>
    public List<(Hang Hang, Holds.Hold Hold)> Hangs { get; } = [];

    /// <summary>Whether its token is valid no more.</summary>
    public bool ExpiresToken { get; set; }

    /// <summary>How old its answer may be.</summary>
    public TimeSpan Lag { get; set; }

    /// <summary>Which part of a list is left out, and the number that chooses where the plan doesn't; null: nothing.</summary>
    public (PartialList List, double Share)? Partial { get; set; }

    /// <summary>Whether somebody writes the same resource right before.</summary>
    public bool OtherWriter { get; set; }

    public List<Edit> EditsBefore { get; } = [];

    public List<Edit> EditsAfter { get; } = [];

    /// <summary>The clusters that vanish when it has come.</summary>
    public List<OrderedFault> Vanishing { get; } = [];

    /// <summary>What is to be done when it has ended.</summary>
    public List<Action> Closing { get; } = [];

    /// <summary>Whether nothing else can happen to it.</summary>
    public bool IsRefused => Refusal is not null || BreaksBefore || ExpiresToken;
}

/// <summary>What becomes of an operation at its end.</summary>
internal sealed class OperationFate
{
    /// <summary>How it fails; null: it doesn't.</summary>
    public FaultSpec? Failure { get; set; }

    /// <summary>How much longer it takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>It doesn't end before all of these do.</summary>
    public List<Task> Withdrawn { get; } = [];
}
