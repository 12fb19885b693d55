using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>The policy of one resource: who has which role there.</summary>
/// <param name="resource">The resource's relative name.</param>
/// <param name="time">The clock.</param>
/// <param name="delay">From writing until what is newly granted is in force.</param>
internal sealed class Policy(string resource, TimeProvider time, Func<TimeSpan> delay)
{
    // The real etags count microseconds behind three constant bytes; here the count only has to grow.
    private long _revision = 0x0731_429F_73C0;

    // No etag is ever used twice, not even after the policy was put back to what it once was.
    private long _highest = 0x0731_429F_73C0;
    private Dictionary<(string Key, string Member), DateTimeOffset> _inForce = [];

    public string Resource { get; } = resource;

    public IReadOnlyList<PolicyBinding> Bindings { get; private set; } = [];

    public JsonArray? AuditConfigs { get; private set; }

    public string Etag
    {
        get
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, _revision | (0x0706L << 48));
            return Convert.ToBase64String(bytes);
        }
    }

    /// <summary>Replaces the bindings. Equal roles become one, empty ones go.</summary>
    /// <param name="bindings">The bindings.</param>
    /// <param name="atOnce">Whether what they grant is in force at once, as at the start of the world.</param>
    public void Replace(IEnumerable<PolicyBinding> bindings, bool atOnce = false)
    {
        Bindings = [.. bindings
            .GroupBy(binding => binding.Key, StringComparer.Ordinal)
            .Select(group => group.First() with { Members = [.. group.SelectMany(binding => binding.Members).Distinct(StringComparer.OrdinalIgnoreCase)] })
            .Where(binding => binding.Members.Count > 0)];
        var from = atOnce ? DateTimeOffset.MinValue : time.GetUtcNow() + delay();
        _inForce = Bindings
            .SelectMany(binding => binding.Members.Select(member => (binding.Key, member)))
            .ToDictionary(grant => grant, grant => _inForce.GetValueOrDefault(grant, from));
        _revision = _highest += 0x1_0000;
    }

    public void ReplaceAuditConfigs(JsonArray? configs)
    {
        AuditConfigs = configs;
        _revision = _highest += 0x1_0000;
    }

    /// <summary>Gives one of Google's own agents a role, at once, if it hasn't it.</summary>
    /// <returns>Whether they had not.</returns>
    public bool Grant(string role, string member)
    {
        if (Bindings.Any(binding => binding.Role == role && binding.Condition is null && binding.Members.Contains(member)))
        {
            return false;
        }

        Replace([.. Bindings, new PolicyBinding(role, [member], null)], atOnce: true);
        return true;
    }

    /// <summary>Whether somebody has a permission by it, now.</summary>
    public bool Grants(string principal, string permission)
    {
        var now = time.GetUtcNow();
        return Bindings.Any(binding => Roles.Grants(binding.Role, permission)
            && binding.Holds(now)
            && binding.Members.Any(member => Members.Includes(member, principal) && _inForce[(binding.Key, member)] <= now));
    }

    /// <summary>As its API shows it.</summary>
    /// <param name="version">The newest version that the caller understands.</param>
    public JsonObject Show(int version)
    {
        var isConditional = Bindings.Any(binding => binding.Condition is not null);
        var shown = new JsonObject { ["version"] = isConditional && version >= 3 ? 3 : 1, ["etag"] = Etag };
        if (Bindings.Count > 0)
        {
            // Who doesn't ask for version 3 gets conditional roles under names that can't be mistaken for the real ones.
            shown["bindings"] = new JsonArray([.. Bindings.Select(binding => binding.Condition is null || version >= 3
                ? binding.Show()
                : (binding with { Role = $"{binding.Role}_withcond_{Math.Abs(binding.Key.GetHashCode(StringComparison.Ordinal)):x}", Condition = null }).Show())]);
        }

        if (AuditConfigs is { Count: > 0 })
        {
            shown["auditConfigs"] = AuditConfigs.DeepClone();
        }

        return shown;
    }

    public SavedPolicy Save() => new(
        Resource,
        _revision,
        [.. Bindings.Select(binding => new SavedBinding(
            binding.Role, binding.Condition, [.. binding.Members.Select(member => new SavedMember(member, _inForce[(binding.Key, member)]))]))],
        AuditConfigs);

    public void Restore(SavedPolicy saved)
    {
        _revision = saved.Revision;
        _highest = Math.Max(_highest, saved.Revision);
        _inForce = [];
        Bindings = [.. saved.Bindings.Select(Restored)];
        AuditConfigs = saved.AuditConfigs;
    }

    private PolicyBinding Restored(SavedBinding saved)
    {
        var binding = new PolicyBinding(saved.Role, [.. saved.Members.Select(member => member.Name)], saved.Condition);
        foreach (var (member, from) in saved.Members)
        {
            _inForce[(binding.Key, member)] = from;
        }

        return binding;
    }
}

/// <summary>The policy of a resource, as it is saved.</summary>
/// <param name="Resource">The resource's relative name.</param>
/// <param name="Revision">What its etag is made of.</param>
/// <param name="Bindings">Who has which role.</param>
/// <param name="AuditConfigs">What is logged; null: nothing in particular.</param>
internal sealed record SavedPolicy(string Resource, long Revision, IReadOnlyList<SavedBinding> Bindings, JsonArray? AuditConfigs);

/// <summary>A binding, as it is saved.</summary>
/// <param name="Role">The role.</param>
/// <param name="Condition">When; null: always.</param>
/// <param name="Members">Who has it.</param>
internal sealed record SavedBinding(string Role, JsonObject? Condition, IReadOnlyList<SavedMember> Members);

/// <summary>Somebody in a binding, as it is saved.</summary>
/// <param name="Name">Who.</param>
/// <param name="From">Since when the role is in force.</param>
internal sealed record SavedMember(string Name, DateTimeOffset From);
