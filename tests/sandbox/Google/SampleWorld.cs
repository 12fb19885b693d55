using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>The world that the samples of the reference tell of.</summary>
internal static class SampleWorld
{
    public const string Installer = "serviceAccount:asm-installer@prod-apps.iam.gserviceaccount.com";
    private static readonly string[] Services =
        ["cloudresourcemanager", "compute", "connectgateway", "container", "gkehub", "iam", "iamcredentials", "meshconfig", "privateca", "serviceusage"];

    public static World Make() => new()
    {
        Projects =
        [
            new WorldProject("prod-apps", 123456789012, "Production applications")
            {
                Services = Services,
                Policy =
                [
                    Owner,
                    new WorldBinding("roles/gkehub.serviceAgent", ["serviceAccount:service-210987654321@gcp-sa-gkehub.iam.gserviceaccount.com"]),
                    new WorldBinding("roles/container.admin", ["user:night@example.com"])
                    {
                        Condition = "request.time < timestamp(\"2027-07-01T00:00:00Z\")",
                        ConditionTitle = "until-summer",
                    },
                ],
                ServiceAccounts = [new WorldServiceAccount("asm-installer") { DisplayName = "mesh installer" }],
                CaPools =
                [
                    new WorldCaPool("us-central1", "mesh-pool") { Authorities = [new WorldAuthority("mesh-sub-1")] },
                ],
                CertificateTemplates = [new WorldCertificateTemplate("us-central1", "mesh-workload")
                    {
                        Content = (JsonObject)JsonNode.Parse("""
                            {"predefinedValues":{"keyUsage":{"baseKeyUsage":{"digitalSignature":true,"keyEncipherment":true},"extendedKeyUsage":{"serverAuth":true,"clientAuth":true}},
                             "caOptions":{"isCa":false}},"identityConstraints":{"allowSubjectPassthrough":false,"allowSubjectAltNamesPassthrough":true}}
                            """)!,
                    }],
            },
            new WorldProject("prod-fleet", 210987654321, "Production fleet")
            {
                Services = Services,
                Labels = new Dictionary<string, string> { ["env"] = "prod" },
                Policy = [Owner],
            },
            new WorldProject("prod-net", 321098765432, "Production network")
            {
                Services = Services,
                Policy = [Owner],
                Networks = [new WorldNetwork("vpc-prod") { Subnetworks = ["us-central1/gke-us-central1"] }],
            },
        ],
        Clusters =
        [
            new WorldCluster("prod-apps", "us-central1", "mesh-a", "vpc-prod")
            {
                NetworkProject = "prod-net",
                Subnetwork = "gke-us-central1",
                Labels = new Dictionary<string, string> { ["env"] = "prod" },
                MasterRange = "172.16.0.0/28",
                NodePools = [new WorldNodePool("default-pool") { Tags = ["mesh-nodes"], GkeMetadata = false }],
            },
            new WorldCluster("prod-apps", "us-east1-b", "far", "vpc-prod") { NetworkProject = "prod-net", Quirks = [WorldQuirks.MissingZone] },
            new WorldCluster("prod-apps", "europe-west1", "plain", "vpc-prod") { NetworkProject = "prod-net", WorkloadIdentity = false },
        ],
        ServiceAccount = "asm-installer@prod-apps.iam.gserviceaccount.com",
    };

    private static WorldBinding Owner => new("roles/owner", ["user:owner@example.com"]);
}
