using Google;

namespace MeshWorkflow.GoogleCloud.Failures;

/// <summary>A call to a Google API that did not succeed. Decide by <see cref="Status"/> and <see cref="Reason"/>, never by texts.</summary>
public sealed class GoogleCallException : Exception
{
    private GoogleCallException(string api, GoogleError error, TimeSpan? retryAfter, Exception? inner)
        : base($"{api}.googleapis.com: {error.Message}", inner)
    {
        Api = api;
        Error = error;
        RetryAfter = error.RetryDelay ?? retryAfter;
    }

    /// <summary>The API's short name.</summary>
    public string Api { get; }

    /// <summary>What the API said.</summary>
    public GoogleError Error { get; }

    /// <summary>The canonical code, such as <c>PERMISSION_DENIED</c>; <c>UNAVAILABLE</c> where the API could not be reached.</summary>
    public string Status => Error.Status;

    /// <summary>The reason of the error's <c>ErrorInfo</c>, or of compute's first error; empty: none.</summary>
    public string Reason => Error.Reason;

    /// <summary>How long to wait before the next try, as far as the API said.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>
    /// Whether the same call may succeed later without anybody mending anything. A token that has ended was given for these
    /// credentials: the next one may do, though those that Google's library fetched meanwhile did not.
    /// </summary>
    public bool IsPassing =>
        Status is "UNAVAILABLE" or "RESOURCE_EXHAUSTED" or "DEADLINE_EXCEEDED" or "INTERNAL" or "UNKNOWN"
        || IsRateLimit
        || Reason is "CLUSTER_ALREADY_HAS_OPERATION" or "resourceNotReady" or "ACCESS_TOKEN_EXPIRED";

    /// <summary>Whether a rate quota is used up. Compute says so with 403, the others with 429.</summary>
    public bool IsRateLimit => Status is "RESOURCE_EXHAUSTED" || Error.LegacyReason is "rateLimitExceeded" or "userRateLimitExceeded";

    /// <summary>Whether a service perimeter (VPC Service Controls) keeps the call out, whatever roles the caller has.</summary>
    public bool IsKeptOut => Reason is "SECURITY_POLICY_VIOLATED";

    internal static GoogleCallException From(string api, GoogleApiException exception, TimeSpan? retryAfter) =>
        new(api, GoogleError.Parse(exception.HttpStatusCode, exception.Error?.ErrorResponseContent, exception.Message), retryAfter, exception);

    internal static GoogleCallException QuotaUsedUp(string api, TimeSpan wait) => new(
        api, new GoogleError(0, "RESOURCE_EXHAUSTED", "the rate quota is used up for now", "", "", null), wait, inner: null);

    internal static GoogleCallException Unreachable(string api, Exception exception) =>
        new(api, new GoogleError(0, "UNAVAILABLE", exception.Message, "", "", null), retryAfter: null, exception);
}
