namespace MeshWorkflow.Workflows.Scopes;

/// <summary>Undos of one thing are numbered, so that none uses another's ids: each kind has its own.</summary>
internal static class UndoNumber
{
    /// <summary>A cluster that has failed is undone by itself.</summary>
    public const int OfCluster = 1;

    /// <summary>A stage is undone.</summary>
    public const int OfStage = 2;

    /// <summary>The rollout is undone because too much of it has failed, or leaves what it shared.</summary>
    public const int OfRollout = 3;

    /// <summary>The n-th undo by hand, from 1.</summary>
    public static int ByHand(int rollback) => OfRollout + rollback;

    /// <summary>Calls of an undo are numbered behind all calls of what it undoes.</summary>
    public static int FirstCall(int number) => number * CallsPerRun;

    /// <summary>Behind all calls of an undo, and before those of the next.</summary>
    public static int LastCall(int number) => ((number + 1) * CallsPerRun) - 1;

    private const int CallsPerRun = 100_000;
}
