using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>What the Service Mesh feature tells of every membership.</summary>
internal static class FeatureStates
{
    public static void Add(JsonObject feature, IEnumerable<Membership> memberships)
    {
        var updated = feature["updateTime"]?.GetValue<string>();
        feature["state"] = new JsonObject { ["state"] = new JsonObject { ["code"] = "OK", ["updateTime"] = updated } };
        var states = new JsonObject();
        foreach (var membership in memberships.Where(membership => membership.State == Membership.Ready))
        {
            states[membership.NumberedName] = Of(membership, Times.Text(membership.Updated));
        }

        if (states.Count > 0)
        {
            feature["membershipStates"] = states;
        }
    }

    // The managed control plane is never on here; what the feature itself brings works where workloads have identities of the fleet.
    private static JsonObject Of(Membership membership, string updated) => membership.Issuer is null
        ? new JsonObject
        {
            ["servicemesh"] = Managed(new JsonObject
            {
                ["code"] = "WORKLOAD_IDENTITY_REQUIRED",
                ["severity"] = "WARNING",
                ["details"] = "Workload Identity is not enabled for this membership.",
                ["documentationLink"] = "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
            }),
            ["state"] = new JsonObject
            {
                ["code"] = "WARNING",
                ["description"] = "Please see https://cloud.google.com/service-mesh/docs/install for instructions to onboard.",
                ["updateTime"] = updated,
            },
        }
        : new JsonObject
        {
            ["servicemesh"] = Managed(),
            ["state"] = new JsonObject { ["code"] = "OK", ["description"] = "Service Mesh is set up.", ["updateTime"] = updated },
        };

    private static JsonObject Managed(params JsonObject[] conditions)
    {
        var state = new JsonObject
        {
            ["controlPlaneManagement"] = Disabled("Control Plane Management is not enabled."),
            ["dataPlaneManagement"] = Disabled("Data Plane Management is not enabled."),
        };
        if (conditions.Length > 0)
        {
            state["conditions"] = new JsonArray([.. conditions]);
        }

        return state;
    }

    private static JsonObject Disabled(string details) => new()
    {
        ["state"] = "DISABLED",
        ["details"] = new JsonArray(new JsonObject { ["code"] = "DISABLED", ["details"] = details }),
    };
}
