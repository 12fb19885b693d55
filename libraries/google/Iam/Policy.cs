using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MeshWorkflow.GoogleCloud.Iam;

/// <summary>
/// Who may do what on a resource. Always read and written as version 3, with the etag that was read: else conditions get lost, or
/// somebody else's change.
/// </summary>
public sealed record Policy
{
    /// <summary>The version that knows conditions.</summary>
    public const int WithConditions = 3;

    /// <summary>The version; absent means 0.</summary>
    public int? Version { get; init; }

    /// <summary>Which state of the policy this is.</summary>
    public string? Etag { get; init; }

    /// <summary>The bindings. A role may occur several times, with different conditions.</summary>
    public IReadOnlyList<PolicyBinding>? Bindings { get; init; }

    /// <summary>Whether a member has a role without a condition.</summary>
    /// <param name="grant">Which.</param>
    /// <returns>Whether it has.</returns>
    public bool Has(Grant grant) => Bindings?.Any(binding => binding.IsOf(grant.Role) && binding.Holds(grant.Member)) is true;

    /// <summary>The same policy with other grants, everything else as it was read.</summary>
    /// <param name="add">Grants to add, without a condition.</param>
    /// <param name="remove">Grants to take away, where they have no condition.</param>
    /// <returns>The policy to write.</returns>
    public Policy With(IReadOnlyCollection<Grant> add, IReadOnlyCollection<Grant> remove)
    {
        var kept = (Bindings ?? []).Select(binding => binding.Without(remove)).Where(binding => binding.Members is { Count: > 0 }).ToList();
        foreach (var grant in add.Where(grant => !Has(grant)))
        {
            var place = kept.FindIndex(binding => binding.IsOf(grant.Role));
            if (place < 0)
            {
                kept.Add(new PolicyBinding { Role = grant.Role, Members = [grant.Member] });
            }
            else
            {
                kept[place] = kept[place] with { Members = [.. kept[place].Members ?? [], grant.Member] };
            }
        }

        return this with { Version = WithConditions, Bindings = kept };
    }
}

/// <summary>Members that have a role.</summary>
public sealed record PolicyBinding
{
    /// <summary>The role.</summary>
    public string Role { get; init; } = "";

    /// <summary>The members.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>When the binding counts; absent: always.</summary>
    public JObject? Condition { get; init; }

    // Fields that Google adds later go back as they came.
    [JsonExtensionData]
    internal IDictionary<string, JToken>? Rest { get; init; }

    internal bool IsOf(string role) => Condition is null && Role == role;

    internal bool Holds(string member) => Members?.Any(held => Grant.AreSame(held, member)) is true;

    internal PolicyBinding Without(IReadOnlyCollection<Grant> grants) =>
        grants.Any(grant => IsOf(grant.Role) && Holds(grant.Member))
            ? this with { Members = [.. (Members ?? []).Where(held => !grants.Any(grant => IsOf(grant.Role) && Grant.AreSame(held, grant.Member)))] }
            : this;
}
