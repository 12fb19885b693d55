using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The key of the world's service account: made at start, written into a credentials file of Google's format.</summary>
internal sealed class ServiceAccountKey(string email) : IDisposable
{
    /// <summary>Why an assertion is not accepted that another key has signed.</summary>
    public const string OtherSignature = "Invalid JWT Signature.";

    private readonly RSA _key = RSA.Create(2048);
    private readonly string _id = RandomNumberGenerator.GetHexString(40, lowercase: true);

    public string Email { get; } = email;

    /// <summary>Writes the credentials file, readable by its owner alone.</summary>
    public void Write(string file, Uri tokenEndpoint)
    {
        var content = new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = Email.Split('@')[^1].Split('.')[0],
            ["private_key_id"] = _id,
            ["private_key"] = _key.ExportPkcs8PrivateKeyPem() + "\n",
            ["client_email"] = Email,
            ["client_id"] = "100000000000000000001",
            ["token_uri"] = tokenEndpoint.ToString(),
            ["universe_domain"] = "googleapis.com",
        };
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(content));
    }

    /// <summary>Checks a signed assertion (RFC 7523).</summary>
    /// <returns>Why it is not accepted, or null: it is.</returns>
    public string? Refuse(string assertion, DateTimeOffset now)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature] || Decode(signature) is not { } signed || Decode(claims) is not { } text)
        {
            return "Invalid JWT: it has not three parts in base64url.";
        }

        if (!_key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return OtherSignature;
        }

        return RefuseClaims(text, now);
    }

    public void Dispose() => _key.Dispose();

    private string? RefuseClaims(byte[] text, DateTimeOffset now)
    {
        try
        {
            var claims = JsonNode.Parse(text) as JsonObject;
            if (claims?["iss"]?.GetValue<string>() != Email)
            {
                return "Invalid issuer: Not a valid email.";
            }

            return claims["exp"]?.GetValue<long>() > now.ToUnixTimeSeconds()
                ? null
                : "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return "Invalid JWT: its claims can't be read.";
        }
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return System.Buffers.Text.Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
