using System.Security.Cryptography;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The access tokens that are valid, and whose they are.</summary>
internal sealed class Tokens(TimeProvider time)
{
    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Principal, DateTimeOffset Ends)> _tokens = [];

    /// <summary>The service account whose self-signed assertions are tokens too: client libraries send those for some scopes.</summary>
    public ServiceAccountKey? Signer { get; set; }

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
}
