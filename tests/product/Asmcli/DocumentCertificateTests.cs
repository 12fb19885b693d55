using MeshWorkflow.Tests.Product.Certificates;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>What the document has people do before an install: a pool's issuance policy (S15), and certificates by the package's Makefile (S18).</summary>
/// <param name="document">The shell, and the sandbox behind it.</param>
public sealed class DocumentCertificateTests(DocumentProduct document) : IClassFixture<DocumentProduct>
{
    // As it stands, but for the quotes that YAML wants around an expression with ": " in it.
    private const string Policy = """
        baselineValues:
          keyUsage:
            baseKeyUsage:
              digitalSignature: true
              keyEncipherment: true
            extendedKeyUsage:
              serverAuth: true
              clientAuth: true
          caOptions:
            isCa: false
        identityConstraints:
          allowSubjectPassthrough: false
          allowSubjectAltNamesPassthrough: true
          celExpression:
            expression: subject_alt_names.all(san, san.type == URI && san.value.startsWith("spiffe://demo-fleet.svc.id.goog/ns/") )
        """;

    private static readonly string[] Given = ["ca_cert", "ca_key", "root_cert", "cert_chain"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S15_IssuancePolicyByGcloud_IsWhatAnInstallWantsOfThePool()
    {
        await document.NeedAsync("gcloud");
        var sandbox = document.Product.Sandbox;
        await File.WriteAllTextAsync(Path.Combine(document.Folder, "policy.yaml"), Policy, Token);
        await File.WriteAllTextAsync(Path.Combine(document.Folder, "token"), sandbox.TokenFor("user:owner@example.com"), Token);
        var gcloud = string.Join(' ',
        [
            $"CLOUDSDK_CONFIG={document.Folder}/gcloud", $"CLOUDSDK_AUTH_ACCESS_TOKEN_FILE={document.Folder}/token", "CLOUDSDK_CORE_DISABLE_PROMPTS=1",
            "CLOUDSDK_CORE_PROJECT=demo-apps", $"CLOUDSDK_API_ENDPOINT_OVERRIDES_PRIVATECA={sandbox.Addresses.Google}privateca/", "gcloud",
        ]);

        await document.RunAsync($"{gcloud} privateca pools update CA_POOL --location ca_region --issuance-policy policy.yaml");

        var policy = sandbox.Snapshot().Resources[Authorities.PoolResource]["issuancePolicy"];
        Assert.Equal("True", policy?["baselineValues"]?["keyUsage"]?["extendedKeyUsage"]?["clientAuth"]?.ToString(), ignoreCase: true);
        var plan = await document.RunAsync(
            "meshwf plan --project_id PROJECT_ID --cluster_name c1 --cluster_location CLUSTER_LOCATION --fleet_id FLEET_PROJECT_ID --enable_all --enable_ca_policy "
            + "--ca gcp_cas --ca_pool projects/CA_POOL_PROJECT_ID/locations/ca_region/caPools/CA_POOL");
        Assert.DoesNotContain("issuancePolicy", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S18_CertificatesByMake_AreTheDocumentsFilesAndAreTaken()
    {
        await document.NeedAsync("make", "openssl");
        await document.RunAsync("./asmcli build-offline-package -D DIR_PATH");

        await document.RunAsync("""
            set -e
            cd DIR_PATH/istio-1.23.3-asm.2
            mkdir -p certs && \
            pushd certs
            make -f ../tools/certs/Makefile.selfsigned.mk root-ca
            make -f ../tools/certs/Makefile.selfsigned.mk cluster1-cacerts
            popd
            """);

        var certs = Path.Combine(document.Folder, "mesh/istio-1.23.3-asm.2/certs");
        Assert.Equal(["root-ca.conf", "root-cert.csr", "root-cert.pem", "root-cert.srl", "root-key.pem"], Files(certs));
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], Files(Path.Combine(certs, "cluster1")));
        await Openssl.RunAsync(certs, "verify", "-x509_strict", "-trusted", "root-cert.pem", "-untrusted", "cluster1/cert-chain.pem", "cluster1/ca-cert.pem");
        await document.RunAsync("meshwf package check DIR_PATH");
        await document.RunAsync("meshwf certs intermediate cluster2 --root mesh/istio-1.23.3-asm.2/certs --folder more");
        await document.RunAsync(
            "meshwf plan --project_id PROJECT_ID --cluster_name c2 --cluster_location CLUSTER_LOCATION --fleet_id FLEET_PROJECT_ID --enable_all --ca citadel "
            + string.Join(' ', Given.Select(flag => $"--{flag} {certs}/cluster1/{flag.Replace('_', '-')}.pem")));
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
