using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>Reads and writes of policies, the same for every API that has them.</summary>
/// <param name="accountExists">Whether there is a service account of an address.</param>
/// <param name="poolExists">Whether there is a workload identity pool.</param>
internal sealed class PolicyWrites(Func<string, bool> accountExists, Func<string, bool> poolExists)
{
    public const string Concurrent =
        "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.";

    private const int MaxMembers = 1500;
    private static readonly string[] Writable = ["bindings", "etag", "version", "auditConfigs"];

    /// <summary>The version that a caller wants.</summary>
    /// <exception cref="GoogleFailure">There is no such version.</exception>
    public static int Version(JsonNode? wanted)
    {
        var version = wanted is null ? 0 : int.TryParse(wanted.ToString(), out var parsed) ? parsed : -1;
        return version is 0 or 1 or 3 ? version : throw Invalid($"Invalid policy version: {wanted}. It must be 0, 1 or 3.");
    }

    /// <summary>Replaces a policy by the one of a setIamPolicy request.</summary>
    /// <exception cref="GoogleFailure">It is no valid policy, or somebody wrote in between.</exception>
    public void Set(Policy policy, JsonObject request)
    {
        if (request["policy"] is not JsonObject sent)
        {
            throw Invalid("The policy must be set.");
        }

        var mask = Mask(request["updateMask"]?.GetValue<string>());
        var bindings = Bindings(sent);
        CheckPools(policy, bindings);
        if (sent["etag"]?.GetValue<string>() is { Length: > 0 } etag && !SameBytes(etag, policy.Etag))
        {
            throw new GoogleFailure(GoogleErrors.Of("ABORTED", Concurrent));
        }

        if (mask.Contains("bindings"))
        {
            policy.Replace(bindings);
        }

        if (mask.Contains("auditConfigs"))
        {
            policy.ReplaceAuditConfigs(sent["auditConfigs"]?.DeepClone() as JsonArray);
        }
    }

    /// <summary>Those of the asked permissions that are granted. Nothing granted: an empty answer.</summary>
    /// <exception cref="GoogleFailure">One of them is no permission.</exception>
    public static JsonObject Test(JsonObject request, Func<string, bool> isGranted)
    {
        var asked = (request["permissions"] as JsonArray ?? []).Select(permission => permission?.GetValue<string>() ?? "").ToList();
        if (asked.FirstOrDefault(permission => permission.Contains('*', StringComparison.Ordinal) || permission.Split('.').Length < 3) is { } wrong)
        {
            throw Invalid($"Permission {wrong} is not valid for this resource.");
        }

        var granted = asked.Distinct().Where(isGranted).Select(permission => JsonValue.Create(permission)).ToArray<JsonNode>();
        return granted.Length == 0 ? [] : new JsonObject { ["permissions"] = new JsonArray(granted) };
    }

    private static HashSet<string> Mask(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return ["bindings", "etag"];
        }

        var fields = text.Split(',', StringSplitOptions.TrimEntries).Select(Schemas.FieldNames.Camel).ToHashSet(StringComparer.Ordinal);
        return fields.FirstOrDefault(field => !Writable.Contains(field)) is { } unknown
            ? throw Invalid($"Invalid update mask: {unknown} is no field of a policy.")
            : fields;
    }

    private List<PolicyBinding> Bindings(JsonObject policy)
    {
        var version = Version(policy["version"]);
        var bindings = (policy["bindings"] as JsonArray ?? []).OfType<JsonObject>().Select(Binding).ToList();
        if (version < 3 && bindings.Any(binding => binding.Condition is not null))
        {
            throw Invalid("A policy with conditions must have version 3.");
        }

        if (bindings.SelectMany(binding => binding.Members).Distinct(StringComparer.OrdinalIgnoreCase).Count() > MaxMembers)
        {
            throw Invalid($"The number of members in the policy is larger than the maximum allowed size of {MaxMembers}.");
        }

        return bindings;
    }

    // Who stands there already may have outlived the pool.
    private void CheckPools(Policy policy, IEnumerable<PolicyBinding> bindings)
    {
        var known = policy.Bindings.SelectMany(binding => binding.Members).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = bindings.SelectMany(binding => binding.Members).Where(member => !known.Contains(member));
        if (added.Select(Members.PoolOf).OfType<string>().FirstOrDefault(pool => !poolExists(pool)) is { } unknown)
        {
            throw Invalid(
                $"Identity Pool does not exist ({unknown}). Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API.");
        }
    }

    private PolicyBinding Binding(JsonObject sent)
    {
        var role = sent["role"]?.GetValue<string>() ?? "";
        if (!Roles.MayExist(role))
        {
            throw Invalid($"Role {role} is not supported for this resource.");
        }

        var members = (sent["members"] as JsonArray ?? []).Select(member => member?.GetValue<string>() ?? "").ToList();
        foreach (var problem in members.Select(member => Members.Refuse(member, accountExists)).OfType<string>())
        {
            throw Invalid(problem);
        }

        var condition = sent["condition"]?.DeepClone() as JsonObject;
        return condition is not null && (condition["expression"] is null || condition["title"] is null)
            ? throw Invalid("A condition must have a title and an expression.")
            : new PolicyBinding(role, members, condition);
    }

    private static bool SameBytes(string one, string other) => one.TrimEnd('=').Replace('-', '+').Replace('_', '/') == other.TrimEnd('=');

    private static GoogleFailure Invalid(string message) => new(GoogleErrors.Of("INVALID_ARGUMENT", message));
}
