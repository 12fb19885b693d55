using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>The roles that a rollout works with are those of the installation guide.</summary>
public sealed class ProjectRolesTests
{
    [Fact]
    public void Of_TwoProjectsWithMeshCa_AreTheGuides()
    {
        var request = Request("apps");

        Assert.Equal(
            [
                "roles/container.admin", "roles/gkehub.admin", "roles/iam.serviceAccountAdmin", "roles/meshconfig.admin",
                "roles/servicemanagement.admin", "roles/serviceusage.serviceUsageAdmin",
            ],
            ProjectRoles.Of(request, "fleet").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["roles/container.admin", "roles/meshconfig.admin", "roles/resourcemanager.projectIamAdmin", "roles/serviceusage.serviceUsageAdmin"],
            ProjectRoles.Of(request, "apps").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_OneProject_NamesEachRoleOnceAndAllAreKnown()
    {
        var roles = ProjectRoles.Of(Request("fleet"), "fleet").ToList();

        Assert.Equal(7, roles.Count);
        Assert.Equal(roles, roles.Distinct());
        Assert.All(roles, role => Assert.NotEmpty(RolePermissions.Of(role)));
    }

    private static FleetInstallRequest Request(string project) => new("roles", "fleet", [new ClusterRef(project, "us-central1", "c1")]);
}
