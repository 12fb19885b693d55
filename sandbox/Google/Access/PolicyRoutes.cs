using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>The three methods of policies, for the resources of an API: reading is a GET there, unlike with projects.</summary>
internal sealed class PolicyRoutes(AccessControl access, PolicyWrites writes)
{
    /// <param name="api">The API's short name.</param>
    /// <param name="collection">Such as <c>caPools</c>.</param>
    /// <param name="path">The path of a resource.</param>
    /// <param name="exists">Refuses, if there is no such resource.</param>
    public IEnumerable<GoogleRoute> For(string api, string collection, string path, Action<GoogleRequest> exists)
    {
        var schemas = ApiSchemas.Of(api);
        yield return new GoogleRoute(
            $"{collection}.getIamPolicy", "GET", $"{path}:getIamPolicy", request => Get(request, exists), null, "options.requestedPolicyVersion")
        {
            Permission = $"{api}.{collection}.getIamPolicy",
        };
        yield return new GoogleRoute(
            $"{collection}.setIamPolicy", "POST", $"{path}:setIamPolicy", request => Set(request, exists), schemas.Message("SetIamPolicyRequest"))
        {
            Permission = $"{api}.{collection}.setIamPolicy",
        };
        yield return new GoogleRoute(
            $"{collection}.testIamPermissions", "POST", $"{path}:testIamPermissions", request => Test(request, exists), schemas.Message("TestIamPermissionsRequest"));
    }

    private Answer Get(GoogleRequest request, Action<GoogleRequest> exists)
    {
        exists(request);
        var version = PolicyWrites.Version(request.Query("options.requestedPolicyVersion") is { } wanted ? JsonValue.Create(wanted) : null);
        return new Answer(200, Sorted(access.Of(request.Name).Show(version)));
    }

    private Answer Set(GoogleRequest request, Action<GoogleRequest> exists)
    {
        exists(request);
        var policy = access.Of(request.Name);
        writes.Set(policy, request.Body);
        request.Call.Effects.Add($"updated {request.Call.Resource}/iamPolicy");
        return new Answer(200, Sorted(policy.Show(version: 3)));
    }

    private Answer Test(GoogleRequest request, Action<GoogleRequest> exists)
    {
        exists(request);
        return new Answer(200, PolicyWrites.Test(request.Body, permission => access.Has(request.Principal, permission, request.Name)));
    }

    // These servers, unlike that of projects, order bindings by role.
    private static JsonObject Sorted(JsonObject policy)
    {
        if (policy["bindings"] is JsonArray bindings)
        {
            policy["bindings"] = new JsonArray([.. bindings.OrderBy(binding => binding?["role"]?.GetValue<string>(), StringComparer.Ordinal).Select(binding => binding?.DeepClone())]);
        }

        return policy;
    }
}
