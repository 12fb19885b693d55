using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Issues tokens of service accounts, and knows them again: for as long as the account is the same.</summary>
internal sealed class ServiceAccountTokens(ObjectStore store, TimeProvider time, string issuer)
{
    private static readonly ResourceKind Accounts = BuiltinKinds.Find("", "serviceaccounts");
    private static readonly byte[] Header = Encoding.UTF8.GetBytes("""{"alg":"HS256","kid":"sandbox","typ":"JWT"}""");

    public string Issuer { get; } = issuer;

    /// <summary>What they are signed with.</summary>
    public byte[] Key { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Issues a token.</summary>
    /// <param name="account">The service account.</param>
    /// <param name="audiences">Whom the token is for; none: the API server.</param>
    /// <param name="ends">When it ends; null: never.</param>
    public string Issue(JsonObject account, IReadOnlyList<string> audiences, DateTimeOffset? ends)
    {
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. (audiences.Count == 0 ? [Issuer] : audiences).Select(audience => (JsonNode)audience)]),
            ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = account.Namespace(),
                ["serviceaccount"] = new JsonObject { ["name"] = account.Name(), ["uid"] = account.Uid() },
            },
            ["sub"] = $"system:serviceaccount:{account.Namespace()}:{account.Name()}",
        };
        if (ends is { } end)
        {
            claims["exp"] = end.ToUnixTimeSeconds();
        }

        var text = $"{Base64Url.EncodeToString(Header)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Base64Url.EncodeToString(Sign(text))}";
    }

    /// <summary>Whose token it is; null: it is none of this cluster's, too old, or its account is gone.</summary>
    public Caller? CallerOf(string token)
    {
        if (Claims(token) is not { } claims || claims.Number("exp") < time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        var place = claims.Object("kubernetes.io");
        var (ns, name) = (place.Text("namespace"), place.Object("serviceaccount").Text("name"));
        var uid = place.Object("serviceaccount").Text("uid");
        return store.Find(Accounts, ns, name)?.Uid() == uid && claims.Texts("aud").Contains(Issuer)
            ? new Caller(
                $"system:serviceaccount:{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"])
            {
                Uid = uid,
            }
            : null;
    }

    private JsonObject? Claims(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]) || !Base64Url.IsValid(parts[2]))
        {
            return null;
        }

        var signature = Base64Url.DecodeFromChars(parts[2]);
        if (!CryptographicOperations.FixedTimeEquals(signature, Sign($"{parts[0]}.{parts[1]}")))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text));
}
