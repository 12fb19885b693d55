namespace MeshWorkflow.GoogleCloud.Hub;

/// <summary>Memberships of a fleet.</summary>
public sealed record MembershipList
{
    /// <summary>The memberships.</summary>
    public IReadOnlyList<Membership>? Resources { get; init; }

    /// <summary>Where the next page begins; empty: there is none.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>Locations that could not be asked.</summary>
    public IReadOnlyList<string>? Unreachable { get; init; }
}
