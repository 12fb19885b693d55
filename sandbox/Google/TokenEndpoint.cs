using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.WebUtilities;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>
/// Gives access tokens: for service accounts' signed assertions, and, as the Security Token Service, for tokens of workloads.
/// </summary>
/// <param name="keys">The keys of service accounts.</param>
/// <param name="tokens">The valid tokens.</param>
/// <param name="workloads">Whose a token of a workload is; null: it is none.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenEndpoint(IReadOnlyList<ServiceAccountKey> keys, Tokens tokens, Func<string, string?> workloads, TimeProvider time) : IOpenSite
{
    public const string Path = "/oauth2/token";
    private const string Assertion = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    // What is sent and answered are secrets: nothing of it is kept.
    public ApiCall? Route(string api, string path, ApiRequest request) => (api, path) switch
    {
        ("oauth2", "token" or "v4/token") => new() { Api = api, Method = ApiMethods.Open, Handle = _ => ForAssertion(request) },
        ("sts", "v1/token") => new() { Api = api, Method = ApiMethods.Open, Handle = _ => ForWorkload(request) },
        _ => null,
    };

    private Answer ForAssertion(ApiRequest request)
    {
        var form = QueryHelpers.ParseQuery(request.Content);
        if (form.GetValueOrDefault("grant_type") != Assertion)
        {
            return Refuse("unsupported_grant_type", $"Invalid grant_type: {form.GetValueOrDefault("grant_type")}");
        }

        var reasons = keys.Select(key => (Key: key, Reason: key.Refuse(form.GetValueOrDefault("assertion").ToString(), time.GetUtcNow()))).ToList();
        return reasons.Find(one => one.Reason is null).Key is not { } signer
            ? Refuse("invalid_grant", reasons.Find(one => one.Reason != ServiceAccountKey.OtherSignature).Reason ?? ServiceAccountKey.OtherSignature)
            : new Answer(200, new JsonObject
            {
                ["access_token"] = tokens.Issue($"serviceAccount:{signer.Email}"),
                ["expires_in"] = (int)Tokens.Lifetime.TotalSeconds,
                ["token_type"] = "Bearer",
            });
    }

    private Answer ForWorkload(ApiRequest request)
    {
        var sent = Fields(request);
        if (sent.GetValueOrDefault("grantType") != Exchange)
        {
            return Refuse("unsupported_grant_type", "The grant type must be token-exchange.");
        }

        return workloads(sent.GetValueOrDefault("subjectToken") ?? "") is not { } principal
            ? Refuse("invalid_grant", "The subject token is of no known workload.")
            : new Answer(200, new JsonObject
            {
                ["access_token"] = tokens.Issue(principal),
                ["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)Tokens.Lifetime.TotalSeconds,
            });
    }

    // A form, or JSON; either case of names.
    private static Dictionary<string, string> Fields(ApiRequest request)
    {
        try
        {
            var pairs = request.ContentType == "application/json"
                ? (JsonNode.Parse(request.Content) as JsonObject ?? []).Select(pair => (pair.Key, Value: pair.Value?.ToString() ?? ""))
                : QueryHelpers.ParseQuery(request.Content).Select(pair => (pair.Key, Value: pair.Value.ToString()));
            return pairs.GroupBy(pair => Schemas.FieldNames.Camel(pair.Key)).ToDictionary(group => group.Key, group => group.First().Value, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return [];
        }
    }

    private static Answer Refuse(string error, string description) =>
        new(400, new JsonObject { ["error"] = error, ["error_description"] = description });
}
