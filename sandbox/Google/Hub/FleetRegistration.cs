using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Container;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>Registers clusters by way of GKE: an update of the cluster names the fleet.</summary>
internal sealed class FleetRegistration(Projects projects, Memberships memberships, AccessControl access)
{
    /// <exception cref="GoogleFailure">The cluster can't join that fleet.</exception>
    public void Check(GoogleRequest request, GkeCluster cluster, JsonObject wanted)
    {
        if (wanted["project"]?.GetValue<string>() is not { Length: > 0 } name)
        {
            return;
        }

        var fleet = projects.Find(name) ?? throw new GoogleFailure(GoogleErrors.NoConsumer("gkehub", name));
        if (!access.Has(request.Principal, "gkehub.memberships.create", fleet.RelativeName))
        {
            throw new GoogleFailure(GoogleErrors.Denied("gkehub.memberships.create", fleet.RelativeName, "gkehub"));
        }

        if (cluster.FleetNumber is { } number && number != fleet.NumberText)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION", $"Cluster is already registered with fleet {number}; it must leave that one first."));
        }

        memberships.CheckAgent(fleet, cluster);
    }

    public void Change(GkeCluster cluster, JsonObject wanted, List<string> effects)
    {
        var found = memberships.All.FirstOrDefault(membership => membership.Cluster == cluster && membership.NumberedName == cluster.Membership);
        if (projects.Find(wanted["project"]?.GetValue<string>() ?? "") is not { } fleet)
        {
            if (found is not null)
            {
                memberships.Unregister(found, effects);
            }
        }
        else if (found is null)
        {
            effects.Add($"created {memberships.Register(fleet, cluster).ResourceName}");
            effects.Add($"updated {cluster.ResourceName}");
        }
    }
}
