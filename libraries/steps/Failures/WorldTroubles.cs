using System.Net;
using Google.Apis.Auth.OAuth2.Responses;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Kubeconfigs;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Failures;

/// <summary>
/// From what Google, a cluster or a step throws to an outcome. What passes by itself is waited for by the workflow; what doesn't
/// is refused with what to do.
/// </summary>
internal sealed class WorldTroubles(TimeProvider time)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2);

    /// <summary>The outcome that an exception stands for, or null: it is a fault of ours.</summary>
    public Outcome? ToOutcome(Exception exception) => exception switch
    {
        MeshException refused => Refused(refused),
        KubeconfigException refused => Outcomes.Refused(refused.Reason, refused.Message, refused.Hint),
        KeyFileException refused => Outcomes.Refused(refused.Reason, refused.Message, refused.Hint),
        WaitException waits => Outcomes.Wait(time.GetUtcNow(), waits.Message),
        GoogleCallException call => Google(call),
        ClusterCallException call => Cluster(call),
        TokenResponseException { StatusCode: >= HttpStatusCode.InternalServerError or null } => Wait(null, "Google's token endpoint is not answering"),
        TokenResponseException token => Outcomes.Refused(
            "CREDENTIALS_REJECTED",
            $"Google did not accept the credentials: {token.Error?.Error}.",
            "Give the service other credentials (GoogleCloud:CredentialsFile, or Application Default Credentials)."),
        _ => null,
    };

    private static Outcome Refused(MeshException refused)
    {
        var outcome = Outcomes.Refused(refused.Reason, refused.Message, refused.Hint);
        outcome.Refused.Violations.Add(refused.Violations);
        return outcome;
    }

    private Outcome Google(GoogleCallException call) => call switch
    {
        { IsPassing: true } => Wait(call.RetryAfter, call.Message),
        { Status: "ABORTED" } => Outcomes.Conflict("", call.Message),
        { Reason: "SERVICE_DISABLED" } => Outcomes.Refused(
            "API_DISABLED", call.Message, $"Enable {call.Api}.googleapis.com in the project, then try again."),
        { Status: "UNAUTHENTICATED" } => Outcomes.Refused(
            "CREDENTIALS_REJECTED", call.Message, "Give the service valid credentials (GoogleCloud:CredentialsFile, or Application Default Credentials)."),
        { IsKeptOut: true } => Outcomes.Refused(
            "VPC_SERVICE_CONTROLS",
            call.Message,
            $"Let the service's principal into the perimeter for {call.Api}.googleapis.com by an ingress rule, or run the services within it. The audit log has the identifier."),
        { Status: "PERMISSION_DENIED" } => Outcomes.Refused(
            "PERMISSION_DENIED", call.Message, "Grant the service's principal the missing role, then try again."),
        { Status: "NOT_FOUND", Api: "container" } => Outcomes.Refused(
            "CLUSTER_NOT_FOUND", call.Message, "Check the cluster's name in the request, and that nobody has deleted it."),
        { Status: "NOT_FOUND" } => Outcomes.Refused("NOT_FOUND", call.Message, "Check the names in the request."),
        _ => Outcomes.Refused("GOOGLE_REFUSED", call.Message, "The message says what Google did not accept."),
    };

    private Outcome Cluster(ClusterCallException call) => call switch
    {
        { IsPassing: true } => Wait(call.RetryAfter, $"the cluster's API server can't serve: {call.Message}"),
        { Status: HttpStatusCode.Conflict } => Outcomes.Conflict("", call.Message),
        { Status: HttpStatusCode.Unauthorized } => Outcomes.Refused(
            "CLUSTER_CREDENTIALS_REJECTED", "The cluster's API server did not accept the service's token.", "Check that the principal may use the cluster."),
        { Status: HttpStatusCode.Forbidden } => Outcomes.Refused(
            "CLUSTER_PERMISSION_DENIED", call.Message, "Grant the service's principal the missing role in the cluster, then try again."),
        _ => Outcomes.Refused("CLUSTER_REFUSED", call.Message, "The message says what the cluster did not accept."),
    };

    private Outcome Wait(TimeSpan? retryAfter, string reason) => Outcomes.Wait(time.GetUtcNow() + (retryAfter ?? DefaultWait), reason);
}
