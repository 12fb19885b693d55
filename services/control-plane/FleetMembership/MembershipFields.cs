using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>The fields of a membership that this step owns, by their paths.</summary>
internal static class MembershipFields
{
    public const string ResourceLink = "endpoint.gkeCluster.resourceLink";
    public const string ExternalId = "externalId";
    public const string Keys = "authority.oidcJwks";
    public const string Issuer = "authority.issuer";
    public const string Rollout = $"labels[\"{Marks.MembershipLabel}\"]";

    public static MembershipName NameOf(Change change) => MembershipName.Parse(change.Resource)
        ?? throw new InvalidOperationException($"'{change.Resource}' is no membership.");

    /// <summary>Nothing is under way on it. Servers that leave the state out mean the same.</summary>
    public static bool IsReady(Membership membership) => membership.State?.Code is null or "READY";

    public static bool AreAll(Change change, Membership found, FieldState state) =>
        change.Fields.All(field => Undoing.Compare(field, Read(found, field.Path)) == state);

    public static IReadOnlyList<Residue> Foreign(Change change, Membership found) =>
    [
        .. change.Fields
            .Select(field => (Field: field, Live: Read(found, field.Path)))
            .Where(pair => Undoing.Compare(pair.Field, pair.Live) is FieldState.Foreign)
            .Select(pair => Undoing.Foreign(change.Resource, pair.Field, pair.Live)),
    ];

    public static Membership Wanted(Change change) => new()
    {
        Labels = new Dictionary<string, string> { [Marks.MembershipLabel] = After(change, Rollout) ?? "" },
        Endpoint = After(change, ResourceLink) is { } link
            ? new Membership.MembershipEndpoint { GkeCluster = new Membership.MembershipGkeCluster { ResourceLink = link } }
            : null,
        ExternalId = After(change, ExternalId),
        Authority = AuthorityAfter(change),
    };

    public static Membership.MembershipAuthority? AuthorityAfter(Change change) => Authority(After(change, Issuer), After(change, Keys));

    public static Membership.MembershipAuthority? AuthorityBefore(Change change) => Authority(Before(change, Issuer), Before(change, Keys));

    private static Membership.MembershipAuthority? Authority(string? issuer, string? keys) =>
        issuer is null ? null : new Membership.MembershipAuthority { Issuer = issuer, OidcJwks = keys };

    public static string? After(Change change, string path) => Field(change, path)?.After?.StringValue;

    public static string? Before(Change change, string path) => Field(change, path)?.Before?.StringValue;

    private static FieldChange? Field(Change change, string path) => change.Fields.FirstOrDefault(field => field.Path == path);

    private static Value? Read(Membership found, string path) => Values.Of(path switch
    {
        ResourceLink => found.Endpoint?.GkeCluster?.ResourceLink,
        ExternalId => found.ExternalId,
        Issuer => found.Authority?.Issuer,
        Keys => found.Authority?.OidcJwks,
        Rollout => found.Labels?.GetValueOrDefault(Marks.MembershipLabel),
        _ => throw new InvalidOperationException($"This step has no field '{path}'."),
    });
}
