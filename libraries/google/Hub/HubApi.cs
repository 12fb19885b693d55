using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.Hub;

/// <summary>GKE Hub: fleets and their memberships.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class HubApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "gkehub", time);

    /// <summary>Lists a fleet's memberships in all locations.</summary>
    /// <param name="fleet">The fleet's project.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The memberships, and the locations that could not be asked: unknown, never absent.</returns>
    public async Task<MembershipList> ListMembershipsAsync(string fleet, CancellationToken cancellationToken)
    {
        var pages = await _api.PagesAsync<MembershipList>(
            $"v1/projects/{fleet}/locations/-/memberships", page => page.NextPageToken, cancellationToken, ("pageSize", "500"));
        return new MembershipList
        {
            Resources = [.. pages.SelectMany(page => page.Resources ?? [])],
            Unreachable = [.. pages.SelectMany(page => page.Unreachable ?? []).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Reads a membership.</summary>
    /// <param name="membership">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The membership.</returns>
    public Task<Membership> GetMembershipAsync(MembershipName membership, CancellationToken cancellationToken) =>
        _api.GetAsync<Membership>($"v1/{membership.RelativeName}", cancellationToken);

    /// <summary>Registers a cluster.</summary>
    /// <param name="name">The membership's name; <c>ALREADY_EXISTS</c> when it is taken.</param>
    /// <param name="membership">What it is to be.</param>
    /// <param name="requestId">Makes a repetition answer the first operation, for an hour at least.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<HubOperation> CreateMembershipAsync(
        MembershipName name, Membership membership, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<HubOperation>(
            HttpMethod.Post,
            $"v1/projects/{name.Fleet}/locations/{name.Location}/memberships",
            membership,
            cancellationToken,
            ("membershipId", name.Id),
            ("requestId", requestId.ToString()));

    /// <summary>Changes a membership.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="membership">The new values.</param>
    /// <param name="updateMask">Which fields; one that is named and absent is cleared.</param>
    /// <param name="requestId">Makes a repetition answer the first operation, for an hour at least.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<HubOperation> PatchMembershipAsync(
        MembershipName name, Membership membership, string updateMask, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<HubOperation>(
            HttpMethod.Patch,
            $"v1/{name.RelativeName}",
            membership,
            cancellationToken,
            ("updateMask", updateMask),
            ("requestId", requestId.ToString()));

    /// <summary>Unregisters a cluster.</summary>
    /// <param name="name">The membership's name.</param>
    /// <param name="requestId">Makes a repetition answer the first operation, for an hour at least.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<HubOperation> DeleteMembershipAsync(MembershipName name, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<HubOperation>(
            HttpMethod.Delete, $"v1/{name.RelativeName}", body: null, cancellationToken, ("requestId", requestId.ToString()));

    /// <summary>Reads an operation.</summary>
    /// <param name="operation">Its full name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation.</returns>
    public Task<HubOperation> GetOperationAsync(string operation, CancellationToken cancellationToken) =>
        _api.GetAsync<HubOperation>($"v1/{operation}", cancellationToken);
}
