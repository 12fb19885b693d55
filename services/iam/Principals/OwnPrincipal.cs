using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.Principals;

/// <summary>Who the service is, and who a spec means.</summary>
internal sealed class OwnPrincipal(GoogleCredentials credentials)
{
    /// <summary>Whom roles are for.</summary>
    /// <param name="wanted">The member of the spec; empty: the service itself.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>The member, and whether it is the service itself: only then can its permissions be asked for.</returns>
    /// <exception cref="MeshException">It is the service itself, and who that is can't be told: <c>IDENTITY_UNKNOWN</c>.</exception>
    public async Task<(string Member, bool IsOwn)> MemberAsync(string wanted, CancellationToken cancellationToken)
    {
        var own = await credentials.GetPrincipalAsync(cancellationToken);
        if (wanted.Length > 0)
        {
            return (wanted, own is not null && GoogleCloud.Iam.Grant.AreSame(wanted, own));
        }

        return own is not null
            ? (own, true)
            : throw new MeshException(
                "IDENTITY_UNKNOWN",
                "The credentials of the service do not say whose they are, so it can't be told who is to get the roles.",
                "Name the member in the request: spec.identity.member, such as user:me@example.com.");
    }
}
