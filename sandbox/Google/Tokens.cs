using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The access tokens that are valid, and whose they are.</summary>
internal sealed class Tokens(TimeProvider time) : ISavedPart
{
    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Principal, DateTimeOffset Ends)> _tokens = [];

    /// <summary>The service account whose self-signed assertions are tokens too: client libraries send those for some scopes.</summary>
    public ServiceAccountKey? Signer { get; set; }

    public string SavedAs => "tokens";

    public string Issue(string principal) => Issue(principal, Lifetime);

    public string Issue(string principal, TimeSpan lifetime)
    {
        var token = $"sandbox.{RandomNumberGenerator.GetHexString(48, lowercase: true)}";
        lock (_gate)
        {
            _tokens[token] = (principal, time.GetUtcNow() + lifetime);
        }

        return token;
    }

    /// <summary>Makes a token invalid before its time.</summary>
    public void Expire(string? token)
    {
        if (token is null)
        {
            return;
        }

        lock (_gate)
        {
            _tokens[token] = ("", DateTimeOffset.MinValue);
        }
    }

    /// <summary>Whose token it is, or null: it is none, or too old.</summary>
    public string? PrincipalOf(string token)
    {
        lock (_gate)
        {
            if (_tokens.TryGetValue(token, out var known))
            {
                return known.Ends > time.GetUtcNow() ? known.Principal : null;
            }
        }

        return Signer is { } key && token.StartsWith("eyJ", StringComparison.Ordinal) && key.Refuse(token, time.GetUtcNow()) is null
            ? $"serviceAccount:{key.Email}"
            : null;
    }

    public JsonNode Save()
    {
        lock (_gate)
        {
            return SavedJson.Write(_tokens.Where(token => token.Value.Ends > time.GetUtcNow())
                .Select(token => new SavedToken(token.Key, token.Value.Principal, token.Value.Ends)));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Those that are valid stay so: who has one goes on with it.</remarks>
    public Action Read(JsonNode saved)
    {
        var tokens = SavedJson.Read<IReadOnlyList<SavedToken>>(saved);
        return () =>
        {
            lock (_gate)
            {
                foreach (var (token, principal, ends) in tokens)
                {
                    _tokens[token] = (principal, ends);
                }
            }
        };
    }

    private sealed record SavedToken(string Token, string Principal, DateTimeOffset Ends);
}
