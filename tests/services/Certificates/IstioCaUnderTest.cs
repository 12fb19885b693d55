using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Certificates;
using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Sandbox.Worlds;
using Microsoft.Extensions.Configuration;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>The certificates service with a folder of its own, and clusters whose mesh namespace is there.</summary>
internal static class IstioCaUnderTest
{
    public const string Scope = $"cluster/{SharedWorld.Apps}/us-central1/mesh-a";
    private const string Namespace = "api/v1/namespaces";

    public static string Resource(string cluster = "mesh-a") =>
        $"//container.googleapis.com/projects/{SharedWorld.Apps}/locations/us-central1/clusters/{cluster}/k8s/namespaces/istio-system/secrets/cacerts";

    public static async Task<ServiceUnderTest> StartAsync(CaFolder folder, params WorldCluster[] clusters)
    {
        var service = await ServiceUnderTest.StartAsync(
            CertificatesApp.AppId,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("IstioCa:Folder", (string?)folder.Path)]);
                return CertificatesApp.Build(builder);
            },
            SharedWorld.Make(["roles/owner"], clusters),
            CertificatesReflection.Descriptor);
        foreach (var cluster in clusters.Select(one => one.Name).DefaultIfEmpty("mesh-a"))
        {
            await service.Sandbox.ClusterAsync(cluster, HttpMethod.Post, Namespace, """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system"}}""");
        }

        return service;
    }

    public static IstioCaSpec Spec(IstioCaFiles files) => Of("mesh-a", spec => spec.Files = files);

    public static IstioCaSpec Spec(IstioCaRoot root, string cluster = "mesh-a") => Of(cluster, spec => spec.Root = root);

    public static IstioCaSpec Spec(string folder, string cluster, string first) => Of(cluster, spec =>
    {
        spec.Folder = folder;
        spec.First = new GkeCluster { Project = SharedWorld.Apps, Location = "us-central1", Name = first };
    });

    /// <summary>What the secret of a cluster has; null: there is none.</summary>
    public static SigningFiles? Secret(this ServiceUnderTest service, string cluster = "mesh-a")
    {
        if (service.Sandbox.Snapshot().Resources.GetValueOrDefault(Resource(cluster))?["data"] is not JsonObject data)
        {
            return null;
        }

        string Text(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(data[name]!.GetValue<string>()));
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], data.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        return new SigningFiles(Text(CertificateFiles.Certificate), Text(CertificateFiles.Key), Text(CertificateFiles.Root), Text(CertificateFiles.Chain));
    }

    /// <summary>Somebody makes the secret.</summary>
    public static Task PutAsync(this ServiceUnderTest service, IEnumerable<KeyValuePair<string, string>> data) => service.Sandbox.ClusterAsync(
        "mesh-a",
        HttpMethod.Post,
        $"{Namespace}/istio-system/secrets",
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "cacerts" },
            ["data"] = new JsonObject(data.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value)))))),
        }.ToJsonString());

    private static IstioCaSpec Of(string cluster, Action<IstioCaSpec> source)
    {
        var spec = new IstioCaSpec
        {
            Cluster = new GkeCluster { Project = SharedWorld.Apps, Location = "us-central1", Name = cluster },
            Namespace = "istio-system",
        };
        source(spec);
        return spec;
    }
}
