using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Tests.Product.Preflight;

/// <summary>The document's eight roles, each on the project that it is for: computed from the request.</summary>
public sealed class S07Tests
{
    private static readonly string[] OfFleet =
    [
        "roles/container.admin", "roles/gkehub.admin", "roles/iam.serviceAccountAdmin", "roles/meshconfig.admin", "roles/servicemanagement.admin",
        "roles/serviceusage.serviceUsageAdmin",
    ];

    private static readonly string[] OfClusters =
        ["roles/container.admin", "roles/meshconfig.admin", "roles/resourcemanager.projectIamAdmin", "roles/serviceusage.serviceUsageAdmin"];

    [Fact]
    public void Roles_MeshCa_AreTheDocumentsOnTheirProjects()
    {
        var request = Read(Fleets.Request(1));

        Assert.Equal(OfFleet, Of(request, "demo-fleet"));
        Assert.Equal(OfClusters, Of(request, "demo-apps"));
        Assert.Empty(ProjectRoles.Of(request, "demo-nothing"));
    }

    [Fact]
    public void Roles_CaService_HaveItsAdministratorToo()
    {
        var request = Read(Fleets.Request(1).Replace(
            "{ type: mesh_ca }", "{ type: gcp_cas, caPool: projects/demo-apps/locations/us-central1/caPools/pool }", StringComparison.Ordinal));

        Assert.Contains("roles/privateca.admin", Of(request, "demo-fleet"));
        Assert.DoesNotContain("roles/privateca.admin", Of(Read(Fleets.Request(1)), "demo-fleet"));
    }

    [Fact]
    public void Roles_NetworksWithPrivateClusters_HaveTheFirewall()
    {
        var request = Read(Fleets.Request(1)) with { NetworkProjects = ["demo-net"] };

        Assert.Equal(["roles/compute.securityAdmin"], ProjectRoles.Of(request, "demo-net"));
    }

    [Fact]
    public void Roles_ThroughConnectGateway_HaveItsWay()
    {
        var request = Read(Fleets.Request(1, "  access: { way: connectGateway }"));

        Assert.Equal([.. OfFleet.Append("roles/gkehub.gatewayAdmin").Order(StringComparer.Ordinal)], Of(request, "demo-fleet"));
    }

    [Fact]
    public void Roles_ClustersElsewhereOnly_AreWithoutGke()
    {
        var text = Fleets.Request(1).Replace(
            "{ project: demo-apps, location: us-central1, name: c1 }",
            "{ platform: multicloud, name: onprem-1, kubeconfig: /etc/mesh/kubeconfig }",
            StringComparison.Ordinal);

        Assert.DoesNotContain("roles/container.admin", Of(Read(text), "demo-fleet"));
    }

    private static IEnumerable<string> Of(FleetInstallRequest request, string project) =>
        ProjectRoles.Of(request, project).Distinct().Order(StringComparer.Ordinal);

    private static FleetInstallRequest Read(string text)
    {
        Assert.True(RequestParser.TryParse(text, out var request, out var mistakes), string.Join('\n', mistakes));
        return request!;
    }
}
