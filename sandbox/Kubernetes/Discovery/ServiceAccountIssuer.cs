using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>
/// What an API server tells of who issues its service accounts' tokens. The key is the issuer's alone and always the same; the sandbox signs
/// its tokens with another one, which nobody but the sandbox checks.
/// </summary>
internal static class ServiceAccountIssuer
{
    public static JsonObject Configuration(string issuer) => new()
    {
        ["issuer"] = issuer,
        ["jwks_uri"] = $"{issuer}/openid/v1/jwks",
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    };

    public static JsonObject Keys(string issuer)
    {
        var modulus = Enumerable.Range(0, 8).SelectMany(i => SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}#{i}"))).ToArray();
        (modulus[0], modulus[^1]) = ((byte)(modulus[0] | 0x80), (byte)(modulus[^1] | 1));
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "RSA",
                ["kid"] = Base64Url.EncodeToString(SHA256.HashData(modulus).AsSpan(0, 16)),
                ["alg"] = "RS256",
                ["n"] = Base64Url.EncodeToString(modulus),
                ["e"] = "AQAB",
            }),
        };
    }
}
