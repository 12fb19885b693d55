using System.Security.Cryptography;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The access tokens that are valid, and whose they are.</summary>
internal sealed class Tokens(TimeProvider time)
{
    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Principal, DateTimeOffset Ends)> _tokens = [];

    public string Issue(string principal)
    {
        var token = $"sandbox.{RandomNumberGenerator.GetHexString(48, lowercase: true)}";
        lock (_gate)
        {
            _tokens[token] = (principal, time.GetUtcNow() + Lifetime);
        }

        return token;
    }

    /// <summary>Whose token it is, or null: it is none, or too old.</summary>
    public string? PrincipalOf(string token)
    {
        lock (_gate)
        {
            return _tokens.TryGetValue(token, out var known) && known.Ends > time.GetUtcNow() ? known.Principal : null;
        }
    }
}
