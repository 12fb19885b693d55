using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Iam;

/// <summary>IAM Credentials: tokens of service accounts for those who may act as them.</summary>
internal sealed class IamCredentialsApi : IGoogleApi
{
    private const string Delegation = "iam.serviceAccounts.implicitDelegation";
    private const string GetToken = "iam.serviceAccounts.getAccessToken";
    private readonly ServiceAccounts _accounts;
    private readonly AccessControl _access;
    private readonly Tokens _tokens;
    private readonly TimeProvider _time;

    public IamCredentialsApi(ServiceAccounts accounts, AccessControl access, Tokens tokens, TimeProvider time)
    {
        (_accounts, _access, _tokens, _time) = (accounts, access, tokens, time);
        Routes =
        [
            new GoogleRoute(
                "serviceAccounts.generateAccessToken",
                "POST",
                "v1/projects/-/serviceAccounts/{account}:generateAccessToken",
                Generate,
                ApiSchemas.Of(Name).Message("GenerateAccessTokenRequest")),
        ];
    }

    public string Name => "iamcredentials";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    private Answer Generate(GoogleRequest request)
    {
        if (request.Body["scope"] is not JsonArray { Count: > 0 })
        {
            return GoogleErrors.Invalid("scope", "Scope required.");
        }

        if (Lifetime(request.Body["lifetime"]?.GetValue<string>()) is not { } lifetime)
        {
            return GoogleErrors.Invalid("lifetime", "The lifetime must be a duration of more than 0s and at most 3600s.");
        }

        // Each of the chain must be allowed to act for the next.
        var actor = request.Principal;
        foreach (var between in (request.Body["delegates"] as JsonArray ?? []).Select(each => each?.ToString().Split('/')[^1] ?? ""))
        {
            actor = Check(actor, Delegation, between);
        }

        var principal = Check(actor, GetToken, request.Part("account"));
        return new Answer(200, new JsonObject
        {
            ["accessToken"] = _tokens.Issue(principal, lifetime),
            ["expireTime"] = Times.Seconds(_time.GetUtcNow() + lifetime),
        });
    }

    // Who doesn't exist is not told from who may not be used.
    private string Check(string actor, string permission, string email) =>
        _accounts.Find(email) is { } account && _access.Has(actor, permission, account["name"]?.GetValue<string>() ?? "")
            ? $"serviceAccount:{account["email"]?.GetValue<string>()}"
            : throw new GoogleFailure(IamApi.DeniedOf(permission));

    private static TimeSpan? Lifetime(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Tokens.Lifetime;
        }

        return text[^1] == 's'
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }
}
