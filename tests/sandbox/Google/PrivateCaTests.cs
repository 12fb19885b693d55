using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class PrivateCaTests
{
    private const string Location = "privateca/v1/projects/prod-apps/locations/us-central1";
    private const string Pool = $"{Location}/caPools/mesh-pool";
    private const string Workload = "serviceAccount:prod-fleet.svc.id.goog[shop/cart]";

    [Fact]
    public async Task Create_WithTheMeshPolicy_IssuesAChainThatVerifies()
    {
        await using var google = await GoogleFixture.StartAsync();
        await SetMeshPolicy(google);

        var certificate = await google.OkAsync("POST", $"{Pool}/certificates", Wanted("spiffe://prod-apps.svc.id.goog/ns/shop/sa/cart"));

        using var leaf = X509Certificate2.CreateFromPem(certificate["pemCertificate"]!.GetValue<string>());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        var above = ((JsonArray)certificate["pemCertificateChain"]!).Select(pem => X509Certificate2.CreateFromPem(pem!.GetValue<string>())).ToList();
        chain.ChainPolicy.ExtraStore.Add(above[0]);
        chain.ChainPolicy.CustomTrustStore.Add(above[^1]);
        Assert.True(chain.Build(leaf), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.Contains(leaf.Extensions, extension => extension is X509BasicConstraintsExtension { CertificateAuthority: false });
        Assert.Contains(leaf.Extensions, extension => extension is X509EnhancedKeyUsageExtension { EnhancedKeyUsages.Count: 2 });
        Assert.Contains("spiffe://prod-apps.svc.id.goog/ns/shop/sa/cart", leaf.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").Format(false), StringComparison.Ordinal);
        Assert.Empty(leaf.Subject);
    }

    [Fact]
    public async Task Create_ForAForeignIdentity_IsRefusedByThePolicy()
    {
        await using var google = await GoogleFixture.StartAsync();
        await SetMeshPolicy(google);

        var (status, body) = await google.SendAsync("POST", $"{Pool}/certificates?validateOnly=true", Wanted("spiffe://evil.example.com/ns/shop/sa/cart"));

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, body["error"]!["status"]!.GetValue<string>()));
        Assert.Equal("certificate.pem_csr", body["error"]!["details"]![0]!["fieldViolations"]![0]!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Patch_FalseOfThePolicy_IsKeptLiterally_AndClearedByMask()
    {
        await using var google = await GoogleFixture.StartAsync();
        await SetMeshPolicy(google);

        var pool = await google.OkAsync("GET", Pool);
        Assert.True(JsonNode.DeepEquals(Sample.Of("cas-pool-patch").Request!["issuancePolicy"], pool["issuancePolicy"]));

        var sample = Sample.Of("cas-pool-patch-undo");
        await google.DoneAsync("privateca", await google.OkAsync(sample.Method, sample.Path, sample.Request));
        Assert.Null((await google.OkAsync("GET", Pool))["issuancePolicy"]);
    }

    [Theory]
    [InlineData("""{"identityConstraints":{"allowSubjectPassthrough":false}}""")]
    [InlineData("""{"identityConstraints":{"allowSubjectPassthrough":false,"allowSubjectAltNamesPassthrough":true,"celExpression":{"expression":"subject_alt_names.all(san, sna.type == URI)"}}}""")]
    [InlineData("""{"identityConstraints":{"allowSubjectPassthrough":false,"allowSubjectAltNamesPassthrough":true,"celExpression":{"expression":"(((("}}}""")]
    [InlineData("""{"baselineValues":{"caOptions":{"isCA":false}}}""")]
    public async Task Patch_WhatIsNoPolicy_IsInvalid(string policy)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync("PATCH", $"{Pool}?updateMask=issuance_policy", new JsonObject { ["issuance_policy"] = JsonNode.Parse(policy) });

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Create_ReflectedSpiffe_NeedsTheRolesOfAWorkloadOnPoolAndTemplate()
    {
        var world = SampleWorld.Make();
        await using var google = await GoogleFixture.StartAsync(world with
        {
            Clusters = [world.Clusters[0] with { Membership = new WorldMembership("prod-fleet", "mesh-a", "us-central1") }, .. world.Clusters.Skip(1)],
        });
        var wanted = Wanted("spiffe://whatever/else");
        wanted["subjectMode"] = "REFLECTED_SPIFFE";
        wanted["certificateTemplate"] = "projects/prod-apps/locations/us-central1/certificateTemplates/mesh-workload";

        var before = await google.SendAsync("POST", $"{Pool}/certificates", wanted, Workload);
        await Bind(google, Pool, "roles/privateca.workloadCertificateRequester");
        var withoutTemplate = await google.SendAsync("POST", $"{Pool}/certificates", wanted, Workload);
        await Bind(google, $"{Location}/certificateTemplates/mesh-workload", "roles/privateca.templateUser");
        var certificate = await google.OkAsync("POST", $"{Pool}/certificates?certificateId=w-1", wanted, Workload);

        Assert.Equal(403, before.Status);
        Assert.Contains("privateca.certificateTemplates.use", withoutTemplate.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Missing(Sample.Of("cas-cert").Response, certificate));
        using var leaf = X509Certificate2.CreateFromPem(certificate["pemCertificate"]!.GetValue<string>());
        Assert.Contains("spiffe://prod-fleet.svc.id.goog/ns/shop/sa/cart", leaf.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").Format(false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subordinate_IsActivatedWithACertificateOfItsOwnKeyOnly()
    {
        await using var google = await GoogleFixture.StartAsync();
        var root = await Authority(google, "root-1", "SELF_SIGNED");
        await Authority(google, "sub-2", "SUBORDINATE");
        var subordinate = $"{Pool}/certificateAuthorities/sub-2";
        Assert.Equal("STAGED", root["state"]!.GetValue<string>());
        var csr = (await google.OkAsync("GET", $"{subordinate}:fetch"))["pemCsr"]!.GetValue<string>();
        var wanted = new JsonObject
        {
            ["pemCsr"] = csr,
            ["lifetime"] = "864000s",
        };
        var signed = await google.OkAsync("POST", $"{Pool}/certificates?issuingCertificateAuthorityId=root-1", wanted);
        var activation = new JsonObject
        {
            ["pemCaCertificate"] = signed["pemCertificate"]!.DeepClone(),
            ["subordinateConfig"] = new JsonObject { ["certificateAuthority"] = "projects/prod-apps/locations/us-central1/caPools/mesh-pool/certificateAuthorities/root-1" },
        };
        var foreign = (JsonObject)activation.DeepClone();
        foreign["pemCaCertificate"] = root["pemCaCertificates"]![0]!.DeepClone();

        var refused = await google.SendAsync("POST", $"{subordinate}:activate", foreign);
        var done = await google.DoneAsync("privateca", await google.OkAsync("POST", $"{subordinate}:activate", activation));
        var enabled = await google.DoneAsync("privateca", await google.OkAsync("POST", $"{subordinate}:enable", new JsonObject()));

        Assert.Equal(400, refused.Status);
        Assert.Equal("STAGED", done["response"]!["state"]!.GetValue<string>());
        Assert.Equal("ENABLED", enabled["response"]!["state"]!.GetValue<string>());
        Assert.Equal(2, ((JsonArray)enabled["response"]!["pemCaCertificates"]!).Count);
    }

    [Fact]
    public async Task Create_WithoutAnEnabledAuthority_IsAFailedPrecondition()
    {
        await using var google = await GoogleFixture.StartAsync();
        await google.DoneAsync("privateca", await google.OkAsync("POST", $"{Pool}/certificateAuthorities/mesh-sub-1:disable", new JsonObject()));

        var (status, body) = await google.SendAsync("POST", $"{Pool}/certificates", Wanted("spiffe://prod-apps.svc.id.goog/ns/a/sa/b"));

        Assert.Equal((400, "FAILED_PRECONDITION"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Create_SameRequestId_IssuesOnce()
    {
        await using var google = await GoogleFixture.StartAsync();
        var path = $"{Pool}/certificates?requestId=0b7c2d6e-aaaa-4bbb-8ccc-ddddeeeeffff";
        var wanted = Wanted("spiffe://prod-apps.svc.id.goog/ns/a/sa/b");

        var first = await google.OkAsync("POST", path, wanted);
        var second = await google.OkAsync("POST", path, wanted);

        Assert.Equal(first["pemCertificate"]!.GetValue<string>(), second["pemCertificate"]!.GetValue<string>());
    }

    private static async Task SetMeshPolicy(GoogleFixture google)
    {
        var sample = Sample.Of("cas-pool-patch");
        await google.DoneAsync("privateca", await google.OkAsync(sample.Method, sample.Path, sample.Request));
    }

    private static async Task Bind(GoogleFixture google, string resource, string role)
    {
        var policy = await google.OkAsync("GET", $"{resource}:getIamPolicy?options.requestedPolicyVersion=3");
        policy["bindings"] = new JsonArray(JsonNode.Parse($$"""{"role":"{{role}}","members":["group:prod-fleet.svc.id.goog:/allAuthenticatedUsers/"]}"""));
        await google.OkAsync("POST", $"{resource}:setIamPolicy", new JsonObject { ["policy"] = policy });
    }

    private static async Task<JsonObject> Authority(GoogleFixture google, string id, string type)
    {
        var body = JsonNode.Parse("""
            {"type":"TYPE","lifetime":"86400000s","keySpec":{"algorithm":"RSA_PKCS1_2048_SHA256"},
             "config":{"subjectConfig":{"subject":{"commonName":"ID"}},"x509Config":{"caOptions":{"isCa":true},"keyUsage":{"baseKeyUsage":{"certSign":true,"crlSign":true}}}}}
            """.Replace("TYPE", type, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal));
        var done = await google.DoneAsync("privateca", await google.OkAsync("POST", $"{Pool}/certificateAuthorities?certificateAuthorityId={id}", body));
        return (JsonObject)done["response"]!;
    }

    private static JsonObject Wanted(string identity)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=ignored", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity));
        request.CertificateExtensions.Add(names.Build());
        return new JsonObject { ["pemCsr"] = request.CreateSigningRequestPem(), ["lifetime"] = "86400s" };
    }

    private static IEnumerable<string> Missing(JsonObject expected, JsonObject found) => expected.Select(pair => pair.Key).Where(name => found[name] is null);
}
