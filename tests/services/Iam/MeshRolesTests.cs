using MeshWorkflow.GoogleCloud.Iam;

namespace MeshWorkflow.Tests.Services.Iam;

public sealed class MeshRolesTests
{
    [Fact]
    public void For_TwoProjectsWithCaService_AreTheGuidesEight()
    {
        var needed = MeshRoles.For("apps", "fleet", usesCaService: true);

        Assert.Equal(8, needed.Select(pair => pair.Role).Distinct().Count());
        Assert.Equal(["apps"], ProjectsOf(needed, "roles/resourcemanager.projectIamAdmin"));
        Assert.Equal(["apps", "fleet"], ProjectsOf(needed, "roles/container.admin"));
        Assert.Equal(["apps", "fleet"], ProjectsOf(needed, "roles/meshconfig.admin"));
        Assert.Equal(["fleet"], ProjectsOf(needed, "roles/gkehub.admin"));
        Assert.Equal(["fleet"], ProjectsOf(needed, "roles/privateca.admin"));
        Assert.All(needed, pair => Assert.NotEmpty(RolePermissions.Of(pair.Role)));
    }

    [Fact]
    public void For_OneProjectWithMeshCa_NamesEachRoleOnce()
    {
        var needed = MeshRoles.For("apps", "apps", usesCaService: false);

        Assert.Equal(7, needed.Count);
        Assert.DoesNotContain(needed, pair => pair.Role == "roles/privateca.admin");
    }

    private static IEnumerable<string> ProjectsOf(IEnumerable<(string Project, string Role)> needed, string role) =>
        needed.Where(pair => pair.Role == role).Select(pair => pair.Project).Order(StringComparer.Ordinal);
}
