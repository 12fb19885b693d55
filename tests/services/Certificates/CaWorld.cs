using System.Text.Json.Nodes;
using MeshWorkflow.Certificates;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>The shared world with pools of CA Service in the clusters' project.</summary>
internal static class CaWorld
{
    public const string Pool = $"projects/{SharedWorld.Apps}/locations/us-central1/caPools/mesh-pool";
    public const string Template = $"projects/{SharedWorld.Apps}/locations/us-central1/certificateTemplates/workload";
    public const string Scope = $"ca-pool/{Pool}";
    public const string Member = $"group:{SharedWorld.Fleet}.svc.id.goog:/allAuthenticatedUsers/";
    public const string PoolResource = $"//privateca.googleapis.com/{Pool}";

    /// <summary>The world, its cluster a member of the fleet.</summary>
    public static Task<ServiceUnderTest> StartAsync(WorldCaPool? pool = null, params WorldCertificateTemplate[] templates) => StartAsync(
        SharedWorld.Cluster("mesh-a") with { Membership = new WorldMembership(SharedWorld.Fleet, "mesh-a", "us-central1") }, pool, templates);

    /// <summary>The world, the fleet without members.</summary>
    public static Task<ServiceUnderTest> StartAloneAsync() => StartAsync(SharedWorld.Cluster("mesh-a"), pool: null);

    private static Task<ServiceUnderTest> StartAsync(WorldCluster cluster, WorldCaPool? pool, params WorldCertificateTemplate[] templates)
    {
        var world = SharedWorld.Make(["roles/owner"], cluster);
        return ServiceUnderTest.StartAsync(
            CertificatesApp.AppId,
            CertificatesApp.Build,
            world with
            {
                Projects =
                [
                    .. world.Projects.Select(project => project.Id != SharedWorld.Apps ? project : project with
                    {
                        Services = [.. project.Services, "privateca"],
                        CaPools = [pool ?? With(new WorldAuthority("sub"))],
                        CertificateTemplates = templates,
                    }),
                ],
            },
            CertificatesReflection.Descriptor);
    }

    public static WorldCaPool With(params WorldAuthority[] authorities) => new("us-central1", "mesh-pool") { Authorities = authorities };

    public static CaPoolSpec Spec(bool enablePolicy = false) => new()
    {
        Pool = Pool,
        FleetProject = SharedWorld.Fleet,
        EnablePolicy = enablePolicy,
        Regions = { "us-central1" },
    };

    public static JsonNode? Policy(this ServiceUnderTest service) => service.Sandbox.Snapshot().Resources[PoolResource]["issuancePolicy"];

    /// <summary>The policy as the guide writes it.</summary>
    public static JsonObject Guide { get; } = (JsonObject)JsonNode.Parse(
        """
        {
          "baselineValues": {
            "keyUsage": {
              "baseKeyUsage": { "digitalSignature": true, "keyEncipherment": true },
              "extendedKeyUsage": { "serverAuth": true, "clientAuth": true }
            },
            "caOptions": { "isCa": false }
          },
          "identityConstraints": {
            "allowSubjectPassthrough": false,
            "allowSubjectAltNamesPassthrough": true,
            "celExpression": {
              "expression": "subject_alt_names.all(san, san.type == URI && san.value.startsWith(\"spiffe://prod-fleet.svc.id.goog/ns/\") )"
            }
          }
        }
        """)!;
}
