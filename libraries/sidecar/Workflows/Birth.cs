namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What came of the wish to make an instance.</summary>
/// <param name="Verdict">Whether its id is free.</param>
/// <param name="Instance">The new instance, or the one that has the id.</param>
/// <param name="Started">Its first event.</param>
/// <param name="ReplacedRow">The ended instance that had the id before.</param>
internal sealed record Birth(BirthVerdict Verdict, Instance Instance, InboxEvent? Started = null, long? ReplacedRow = null);

/// <summary>Whether an id is free.</summary>
internal enum BirthVerdict
{
    /// <summary>It was, and is taken now.</summary>
    Reserved,

    /// <summary>An instance with this id has not ended.</summary>
    Active,

    /// <summary>The instance with this id has ended, but children of it have not.</summary>
    DescendantsActive,
}
