using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.WebUtilities;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>Gives access tokens for the service account's signed assertions.</summary>
internal sealed class TokenEndpoint(ServiceAccountKey key, Tokens tokens, TimeProvider time)
{
    public const string Path = "/oauth2/token";
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    // What is sent and answered are secrets: nothing of it is kept.
    public ApiCall Route(ApiRequest request) => new() { Api = "oauth2", Method = ApiMethods.Open, Handle = _ => Answer(request) };

    private Answer Answer(ApiRequest request)
    {
        var form = QueryHelpers.ParseQuery(request.Content);
        if (form.GetValueOrDefault("grant_type") != Grant)
        {
            return Refuse("unsupported_grant_type", $"Invalid grant_type: {form.GetValueOrDefault("grant_type")}");
        }

        return key.Refuse(form.GetValueOrDefault("assertion").ToString(), time.GetUtcNow()) is { } reason
            ? Refuse("invalid_grant", reason)
            : new Answer(200, new JsonObject
            {
                ["access_token"] = tokens.Issue($"serviceAccount:{key.Email}"),
                ["expires_in"] = (int)Tokens.Lifetime.TotalSeconds,
                ["token_type"] = "Bearer",
            });
    }

    private static Answer Refuse(string error, string description) =>
        new(400, new JsonObject { ["error"] = error, ["error_description"] = description });
}
