using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.ConnectGateway;

/// <summary>Connect Gateway: a way to the API servers of a fleet's members that leads through Google.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ConnectGatewayApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "connectgateway", time);

    /// <summary>Asks where a member's API server is to be found.</summary>
    /// <param name="fleetNumber">The number of the fleet's project: its id is not taken.</param>
    /// <param name="membership">The membership.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Where.</returns>
    public Task<GatewayCredentials> GenerateCredentialsAsync(string fleetNumber, MembershipName membership, CancellationToken cancellationToken) =>
        _api.GetAsync<GatewayCredentials>(
            $"v1/projects/{fleetNumber}/locations/{membership.Location}/memberships/{membership.Id}:generateCredentials", cancellationToken);
}

/// <summary>Where a member's API server is to be found.</summary>
public sealed record GatewayCredentials
{
    /// <summary>Its address.</summary>
    public string Endpoint { get; init; } = "";
}
