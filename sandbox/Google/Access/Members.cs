namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>Who may stand in a policy.</summary>
internal static class Members
{
    private const string AllOfPool = ":/allAuthenticatedUsers/";
    private const string PoolSuffix = ".svc.id.goog";

    /// <summary>Whether a member of a policy is, or includes, somebody.</summary>
    public static bool Includes(string member, string principal) => member switch
    {
        "allUsers" => true,
        "allAuthenticatedUsers" => principal.Length > 0,
        // All workloads of an identity pool.
        _ when member.StartsWith("group:", StringComparison.Ordinal) && member.EndsWith(AllOfPool, StringComparison.Ordinal) =>
            principal.StartsWith($"serviceAccount:{member["group:".Length..^AllOfPool.Length]}[", StringComparison.Ordinal),
        _ when member.StartsWith("domain:", StringComparison.Ordinal) =>
            principal.StartsWith("user:", StringComparison.Ordinal) && principal.EndsWith($"@{member["domain:".Length..]}", StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(member, principal, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>The workload identity pool whose workloads a member is; null: it is something else.</summary>
    public static string? PoolOf(string member)
    {
        var name = member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var end = name.IndexOf(PoolSuffix, StringComparison.Ordinal) + PoolSuffix.Length;
        return end >= PoolSuffix.Length && end < name.Length && name[end] is '[' or ':' ? name[..end] : null;
    }

    /// <summary>Why a member can't be one, or null: it can.</summary>
    public static string? Refuse(string member, Func<string, bool> accountExists)
    {
        if (member is "allUsers" or "allAuthenticatedUsers")
        {
            return null;
        }

        if (member.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon) || colon == member.Length - 1)
        {
            return $"Invalid member: {member} has no type prefix.";
        }

        var (kind, name) = (member[..colon], member[(colon + 1)..]);
        return kind switch
        {
            "serviceAccount" when name.Contains($"{PoolSuffix}[", StringComparison.Ordinal) => null,
            "serviceAccount" => accountExists(name) ? null : $"Service account {name} does not exist.",
            "user" => IsEmail(name) ? null : $"User {name} does not exist.",
            "group" => IsEmail(name) || name.Contains($"{PoolSuffix}:/", StringComparison.Ordinal) ? null : $"Group {name} does not exist.",
            "domain" or "deleted" or "principal" or "principalSet" or "projectOwner" or "projectEditor" or "projectViewer" => null,
            _ => $"Invalid member: the type of {member} is not supported.",
        };
    }

    private static bool IsEmail(string name) => name.Split('@') is [{ Length: > 0 }, { Length: > 2 } host] && host.Contains('.', StringComparison.Ordinal);
}
