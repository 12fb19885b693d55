using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>All policies, and what they grant.</summary>
/// <param name="time">The clock.</param>
/// <param name="delay">From writing a policy of a resource until what it newly grants is in force.</param>
internal sealed class AccessControl(TimeProvider time, Func<string, TimeSpan> delay) : ISavedPart
{
    private readonly SortedDictionary<string, Policy> _policies = new(StringComparer.Ordinal);

    public IEnumerable<Policy> All => _policies.Values;

    public string SavedAs => "policies";

    /// <summary>The policy of a resource, by its relative name, the project by its id.</summary>
    public Policy Of(string resource)
    {
        if (!_policies.TryGetValue(resource, out var policy))
        {
            _policies.Add(resource, policy = new Policy(resource, time, () => delay(resource)));
        }

        return policy;
    }

    public void Forget(string resource) => _policies.Remove(resource);

    /// <summary>Whether somebody has a permission on a resource: by its own policy, or by that of anything it is in.</summary>
    public bool Has(string principal, string permission, string resource) =>
        principal == OtherHands.Somebody || _policies.Values.Any(policy =>
            (policy.Resource == resource || resource.StartsWith($"{policy.Resource}/", StringComparison.Ordinal))
            && policy.Grants(principal, permission));

    public JsonNode Save() => SavedJson.Write(_policies.Values.Select(policy => policy.Save()));

    public Action Read(JsonNode saved)
    {
        var policies = SavedJson.Read<IReadOnlyList<SavedPolicy>>(saved).DistinctBy(policy => policy.Resource).ToList();
        return () =>
        {
            foreach (var gone in _policies.Keys.Except(policies.Select(policy => policy.Resource)).ToList())
            {
                _policies.Remove(gone);
            }

            policies.ForEach(policy => Of(policy.Resource).Restore(policy));
        };
    }
}
