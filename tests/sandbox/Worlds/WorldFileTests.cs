using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Files;

namespace MeshWorkflow.Tests.Sandbox.Worlds;

public sealed class WorldFileTests
{
    private const string Whole = """
        serviceAccount: mesh@p1.iam.gserviceaccount.com
        projects:
        - id: p1
          number: 111111111111
          services: [container, gkehub, privateca]
          policy:
          - { role: roles/owner, members: ["user:ann@example.com"], condition: 'request.time < timestamp("2030-01-01T00:00:00Z")' }
          serviceAccounts: [{ name: mesh }]
          firewalls: [{ name: allow, network: vpc, allowed: ["tcp:443"], sourceRanges: [10.0.0.0/8], priority: 900 }]
          caPools:
          - { location: us-central1, name: pool, issuancePolicy: { baselineValues: { caOptions: { isCa: false } } }, authorities: [{ name: sub, state: STAGED }] }
          serviceMeshFeature: true
        perimeters:
        - { name: prod, projects: [p1], services: [gkehub], access: ["user:ann@example.com"] }
        clusters:
        - project: p1
          location: us-central1-a
          name: c1
          network: vpc
          labels: { wave: 1, env: prod }
          masterRange: 172.16.0.0/28
          workloadIdentity: false
          nodePools: [{ name: pool-1, machineType: e2-standard-8, nodes: 3, gkeMetadata: false }]
          membership: { fleet: p1 }
          quirks: [istiod-never-ready]
          objects:
          - { apiVersion: v1, kind: Namespace, metadata: { name: shop } }
        """;

    [Fact]
    public void Read_Whole_HasEverything()
    {
        var world = Read(Whole);

        var (project, cluster) = (Assert.Single(world.Projects), Assert.Single(world.Clusters));
        Assert.Equal(111111111111, project.Number);
        Assert.Equal("STAGED", project.CaPools[0].Authorities[0].State);
        Assert.False(project.CaPools[0].IssuancePolicy!["baselineValues"]!["caOptions"]!["isCa"]!.GetValue<bool>());
        Assert.Equal("1", cluster.Labels["wave"]);
        Assert.Equal(("c1", "us-central1"), (cluster.Membership!.Id, cluster.Membership.Location));
        Assert.Equal("shop", cluster.Objects[0]["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal(3, cluster.NodePools[0].Nodes);
        Assert.Equal([WorldQuirks.IstiodNeverReady], cluster.Quirks);
        var perimeter = Assert.Single(world.Perimeters);
        Assert.Equal(("prod", "p1", "gkehub", "user:ann@example.com"), (perimeter.Name, perimeter.Projects[0], perimeter.Services[0], perimeter.Access[0]));
    }

    [Theory]
    [InlineData("number: 111111111111", "number: many", "projects[0].number: a whole number was expected (line 4)")]
    [InlineData("  serviceMeshFeature: true", "  serviceMesh: true", "projects[0].serviceMesh: there is no such field (line 12)")]
    [InlineData("projects: [p1], services: [gkehub]", "projects: [p3], services: [gkehub]", "perimeters[0].projects: there is no project 'p3' (line 14)")]
    [InlineData("services: [gkehub]", "services: [gkehubb]", "perimeters[0].services: there is no API 'gkehubb' (line 14)")]
    [InlineData("state: STAGED", "state: ASLEEP", "projects[0].caPools[0].authorities[0].state: 'ASLEEP' is none of ENABLED, DISABLED, STAGED, AWAITING_USER_ACTIVATION (line 11)")]
    [InlineData("- project: p1", "- project: p2", "clusters[0].project: there is no project 'p2' (line 16)")]
    [InlineData("istiod-never-ready", "haunted", "clusters[0].quirks: there is no quirk 'haunted'; there are istiod-never-ready, api-server-unreachable, endpoint-closed, missing-zone, updates-fail (line 25)")]
    [InlineData("172.16.0.0/28", "everywhere", "clusters[0].masterRange: 'everywhere' is no range of addresses (line 21)")]
    [InlineData("services: [container", "services: [contaner", "projects[0].services: there is no API 'contaner' (line 5)")]
    public void Read_AMistake_IsToldByItsPlace(string right, string wrong, string problem)
    {
        var refused = Assert.Throws<WorldFileException>(() => Read(Whole.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Equal([problem], refused.Problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a list")]
    [InlineData("a: [")]
    [InlineData("a: &x [*x]")]
    public void Read_WhatIsNoWorld_IsRefused(string text) => Assert.Throws<WorldFileException>(() => Read(text));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Read_NestedWithoutEnd_IsRefusedWithItsLine(string opening)
    {
        var refused = Assert.Throws<WorldFileException>(() => Read(string.Concat(Enumerable.Repeat(opening, 200_000))));

        Assert.Equal(["line 1: This is nested too deep."], refused.Problems);
    }

    [Fact]
    public void Read_AliasesThatMultiply_AreRefused()
    {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(
            Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Contains("too large", Assert.Single(Assert.Throws<WorldFileException>(() => Read(text)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Fleet_HasTwelveClustersInTwoProjects_WithTheirPeculiarities()
    {
        var world = World.Fleet;

        Assert.Equal(12, world.Clusters.Count);
        Assert.Equal(2, world.Clusters.Select(cluster => cluster.Project).Distinct().Count());
        Assert.Single(world.Clusters, cluster => cluster.Autopilot);
        Assert.Single(world.Clusters, cluster => cluster.MasterRange is not null);
        Assert.Single(world.Clusters, cluster => cluster.Quirks.Contains(WorldQuirks.IstiodNeverReady));
    }

    private static World Read(string text) => WorldFile.Read(new StringReader(text), "world.yaml");

    [Fact]
    public void Read_ClusterElsewhere_HasAnIssuerAndNoMembership()
    {
        var world = Read("""
            serviceAccount: mesh@p1.iam.gserviceaccount.com
            projects: [{ id: p1, number: 111111111111, serviceAccounts: [{ name: mesh }] }]
            clusters:
            - { project: p1, platform: other, name: onprem-1, issuer: https://tokens.example.com }
            """);

        var cluster = Assert.Single(world.Clusters);
        Assert.True(cluster.IsElsewhere);
        Assert.Equal("https://tokens.example.com", cluster.Issuer);
        Assert.Throws<WorldFileException>(() => Read("""
            serviceAccount: mesh@p1.iam.gserviceaccount.com
            projects: [{ id: p1, number: 111111111111, serviceAccounts: [{ name: mesh }] }]
            clusters: [{ project: p1, platform: other, name: onprem-1, membership: { fleet: p1 } }]
            """));
    }
}
