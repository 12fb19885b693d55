using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Sandbox.Google;

namespace MeshWorkflow.Tests.Sandbox.Worlds;

public sealed class SavingTests
{
    private const string Cluster = "container/v1/projects/prod-apps/locations/us-central1/clusters/mesh-a";
    private const string Member = "connectgateway/v1/projects/210987654321/locations/us-central1/gkeMemberships/mesh-a";
    private const string Memberships = "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships";
    private const string Feature = "gkehub/v1/projects/prod-fleet/locations/global/features";
    private const string Pool = "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool";
    private const string Templates = "privateca/v1/projects/prod-apps/locations/us-central1/certificateTemplates";
    private const string Firewalls = "compute/v1/projects/prod-net/global/firewalls";
    private const string Services = "serviceusage/v1/projects/prod-apps/services";
    private const string Accounts = "iam/v1/projects/prod-apps/serviceAccounts";
    private const string Definitions = $"{Member}/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Sails = $"{Member}/apis/example.com/v1/namespaces/shop/sails";
    private const string Maps = $"{Member}/api/v1/namespaces/shop/configmaps";
    private const string Deployments = $"{Member}/apis/apps/v1/namespaces/shop/deployments";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_AfterEverythingChanged_PutsEverythingBackExactly()
    {
        await using var google = await FilledAsync();
        var saved = await google.Host.SaveAsync(Token);
        var before = google.Host.Snapshot();

        await ChangeEverythingAsync(google);
        var changed = WorldDiff.Compare(before, google.Host.Snapshot());
        google.Host.Restore(saved);
        var after = google.Host.Snapshot();

        // The change was one of everything.
        string[] parts =
        [
            "//cloudresourcemanager", "//serviceusage", "clusters/mesh-a", "memberships/mesh-a", "features/servicemesh", "firewalls/allow-web",
            "certificateAuthorities/root-9", "certificateTemplates/mesh-workload", "caPools/mesh-pool", "serviceAccounts/other-one", "configmaps/settings", "secrets/key", "sails/s", "customresourcedefinitions/sails", "deployments/web",
            "namespaces/new",
        ];
        Assert.Equal(parts, parts.Where(part => changed.Any(difference => difference.Resource.Contains(part, StringComparison.Ordinal))));
        Assert.Empty(WorldDiff.Compare(before, after));
        AssertSame(before, after);
    }

    [Fact]
    public async Task Restore_ThenTimePasses_NothingMoves()
    {
        await using var google = await FilledAsync();
        var saved = await google.Host.SaveAsync(Token);
        var before = google.Host.Snapshot();
        await DoAsync(google, "DELETE", $"{Deployments}/web");

        google.Host.Restore(saved);

        // Controllers have looked at everything again when they have carried out something new.
        await DoAsync(google, "POST", $"{Member}/api/v1/namespaces", JsonNode.Parse("""{"metadata":{"name":"later"}}"""));
        await UntilAsync(google, $"{Member}/api/v1/namespaces/later/serviceaccounts/default", found => found["kind"]?.GetValue<string>() == "ServiceAccount");
        await DoAsync(google, "POST", $"{Member}/apis/apps/v1/namespaces/later/deployments", Deployment("late"));
        await ReadyAsync(google, $"{Member}/apis/apps/v1/namespaces/later/deployments/late");
        var after = google.Host.Snapshot();
        AssertSame(before, new WorldSnapshot(after.Resources
            .Where(resource => !resource.Key.Contains("/namespaces/later", StringComparison.Ordinal)).ToDictionary()));
    }

    [Fact]
    public async Task Restore_ClientsPreconditions_Hold()
    {
        await using var google = await FilledAsync();
        var policy = await PolicyAsync(google);
        var map = await DoAsync(google, "GET", $"{Maps}/settings");
        var cluster = await DoAsync(google, "GET", Cluster);
        var saved = await google.Host.SaveAsync(Token);
        await ChangeEverythingAsync(google);
        var changed = await PolicyAsync(google);
        var changedMap = await DoAsync(google, "GET", $"{Maps}/settings");

        google.Host.Restore(saved);

        // What was read after the save is of no past that there is any more; what was read before it is.
        Assert.Equal(409, (await google.SendAsync("POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", new JsonObject { ["policy"] = changed })).Status);
        Assert.Equal(409, (await google.SendAsync("PUT", $"{Maps}/settings", changedMap)).Status);
        await DoAsync(google, "POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", new JsonObject { ["policy"] = policy });
        map["data"] = new JsonObject { ["a"] = "3" };
        var written = await DoAsync(google, "PUT", $"{Maps}/settings", map);
        await DoAsync(google, "POST", $"{Cluster}:setResourceLabels", new JsonObject { ["labelFingerprint"] = cluster["labelFingerprint"]?.DeepClone() });
        Assert.Equal(409, (await google.SendAsync("POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", new JsonObject { ["policy"] = changed.DeepClone() })).Status);
        Assert.True(VersionOf(written) > VersionOf(changedMap), "A resourceVersion is never used twice.");
    }

    [Fact]
    public async Task Restore_KeysAndTokens_StayWhatTheyWere()
    {
        await using var google = await FilledAsync();
        var token = await TokenOfAccountAsync(google);
        var saved = await google.Host.SaveAsync(Token);
        await DoAsync(google, "DELETE", $"{Member}/api/v1/namespaces/shop/serviceaccounts/default");
        var newer = google.Host.TokenFor(GoogleFixture.Owner);

        google.Host.Restore(saved);

        var review = new JsonObject { ["spec"] = new JsonObject { ["token"] = token } };
        var reviewed = await DoAsync(google, "POST", $"{Member}/apis/authentication.k8s.io/v1/tokenreviews", review);
        Assert.True(reviewed["status"]!["authenticated"]!.GetValue<bool>());
        var (status, _) = await google.SendAsync("GET", Cluster, principal: "", change: request => request.Headers.Authorization = new("Bearer", newer));
        Assert.Equal(200, status);

        // The authority signs with the key that its certificate is for.
        var certificate = await DoAsync(google, "POST", $"{Pool}/certificates?certificateId=after", Wanted());
        using var issued = X509Certificate2.CreateFromPem(certificate["pemCertificate"]!.GetValue<string>());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        var above = certificate["pemCertificateChain"]!.AsArray().Select(pem => X509Certificate2.CreateFromPem(pem!.GetValue<string>())).ToList();
        chain.ChainPolicy.CustomTrustStore.Add(above[^1]);
        chain.ChainPolicy.ExtraStore.AddRange(above.ToArray());
        Assert.True(chain.Build(issued), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    [Fact]
    public async Task Restore_Watch_EndsExpiredAndAnOlderVersionCannotBeWatched()
    {
        await using var google = await FilledAsync();
        var since = (await DoAsync(google, "GET", Maps))["metadata"]!["resourceVersion"]!.GetValue<string>();
        var saved = await google.Host.SaveAsync(Token);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", google.Host.TokenFor(GoogleFixture.Owner));
        var address = new Uri(google.Address, $"{Maps}?watch=1&allowWatchBookmarks=true&resourceVersion={since}");
        using var watch = new StreamReader(await http.GetStreamAsync(address, Token));

        google.Host.Restore(saved);

        Assert.Equal(410, JsonNode.Parse((await watch.ReadLineAsync(Token))!)!["object"]!["code"]!.GetValue<int>());
        Assert.Null(await watch.ReadLineAsync(Token));
        using var again = new StreamReader(await http.GetStreamAsync(address, Token));
        Assert.Equal("Expired", JsonNode.Parse((await again.ReadLineAsync(Token))!)!["object"]!["reason"]!.GetValue<string>());
        var now = (await DoAsync(google, "GET", Maps))["metadata"]!["resourceVersion"]!.GetValue<string>();
        using var fresh = new StreamReader(await http.GetStreamAsync(new Uri(google.Address, $"{Maps}?watch=1&resourceVersion={now}"), Token));
        await DoAsync(google, "POST", Maps, JsonNode.Parse("""{"metadata":{"name":"fresh"}}"""));
        Assert.Equal("ADDED", JsonNode.Parse((await fresh.ReadLineAsync(Token))!)!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Restore_IsOneEntryOfTheJournal()
    {
        await using var google = await FilledAsync();
        var saved = await google.Host.SaveAsync(Token);
        await DoAsync(google, "DELETE", $"{Maps}/settings");
        var last = google.Host.Journal()[^1].Number;

        google.Host.Restore(saved);

        var entry = Assert.Single(google.Host.Journal(last), entry => entry.Effects.Count > 0);
        Assert.Equal(("sandbox", "restore"), (entry.Api, entry.Method));
        Assert.StartsWith("restored the world", Assert.Single(entry.Effects), StringComparison.Ordinal);
    }

    private static async Task<GoogleFixture> FilledAsync()
    {
        var google = await GoogleFixture.StartAsync();
        await google.DoneAsync("gkehub", await DoAsync(google, "POST", Sample.Of("hub-create").Path, Sample.Of("hub-create").Request));
        await DoAsync(google, "POST", $"{Member}/api/v1/namespaces", JsonNode.Parse("""{"metadata":{"name":"shop"}}"""));
        await DoAsync(google, "POST", Maps, JsonNode.Parse("""{"metadata":{"name":"settings"},"data":{"a":"1"}}"""));
        await DoAsync(google, "POST", $"{Member}/api/v1/namespaces/shop/secrets", JsonNode.Parse("""{"metadata":{"name":"key"},"data":{"k":"c2VjcmV0"}}"""));
        await DoAsync(google, "POST", Definitions, Definition("sails"));
        await UntilAsync(google, Sails, found => found["kind"]?.GetValue<string>() == "SailList");
        await DoAsync(google, "POST", Sails, JsonNode.Parse("""{"apiVersion":"example.com/v1","kind":"Sail","metadata":{"name":"s"},"spec":{"size":1}}"""));
        await DoAsync(google, "POST", Deployments, Deployment("web"));
        await ReadyAsync(google, $"{Deployments}/web");
        await UntilAsync(google, $"{Member}/api/v1/namespaces/shop/serviceaccounts/default", found => found["kind"]?.GetValue<string>() == "ServiceAccount");
        return google;
    }

    private static async Task ChangeEverythingAsync(GoogleFixture google)
    {
        var policy = await PolicyAsync(google);
        policy["bindings"]!.AsArray().Add(JsonNode.Parse("""{"role":"roles/viewer","members":["user:eve@example.com"]}"""));
        await DoAsync(google, "POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", new JsonObject { ["policy"] = policy });
        await google.DoneAsync("serviceusage", await DoAsync(google, "POST", $"{Services}/mesh.googleapis.com:enable", new JsonObject()));
        await DoAsync(google, "POST", Accounts, JsonNode.Parse("""{"accountId":"other-one"}"""));
        await google.DoneAsync("gkehub", await DoAsync(google, "POST", $"{Feature}?featureId=servicemesh", new JsonObject()));
        var fingerprint = (await DoAsync(google, "GET", Cluster))["labelFingerprint"]?.DeepClone();
        await google.FinishedAsync(Cluster[..Cluster.IndexOf("/clusters", StringComparison.Ordinal)], await DoAsync(google, "POST", $"{Cluster}:setResourceLabels", new JsonObject { ["resourceLabels"] = new JsonObject { ["a"] = "b" }, ["labelFingerprint"] = fingerprint }));
        await google.FinishedAsync("compute/v1/projects/prod-net/global", await DoAsync(google, "POST", Firewalls, JsonNode.Parse(
            """{"name":"allow-web","network":"global/networks/vpc-prod","sourceRanges":["10.0.0.0/8"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}]}""")));
        await google.DoneAsync("privateca", await DoAsync(google, "PATCH", $"{Pool}?updateMask=labels", JsonNode.Parse("""{"labels":{"a":"b"}}""")));
        await google.DoneAsync("privateca", await DoAsync(google, "POST", $"{Pool}/certificateAuthorities?certificateAuthorityId=root-9", JsonNode.Parse(
            """{"type":"SELF_SIGNED","lifetime":"86400s","keySpec":{"algorithm":"EC_P384_SHA384"},"config":{"subjectConfig":{"subject":{"commonName":"r"}},"x509Config":{"caOptions":{"isCa":true}}}}""")));
        await google.DoneAsync("privateca", await DoAsync(google, "DELETE", $"{Templates}/mesh-workload"));
        await google.DoneAsync("privateca", await DoAsync(google, "POST", $"{Pool}/certificateAuthorities/mesh-sub-1:disable", new JsonObject()));
        await ChangeClusterAsync(google);
        await google.DoneAsync("gkehub", await DoAsync(google, "PATCH", $"{Memberships}/mesh-a?updateMask=labels", JsonNode.Parse("""{"labels":{"a":"b"}}""")));
    }

    private static Task<JsonObject> PolicyAsync(GoogleFixture google) => DoAsync(
        google, "POST", "cloudresourcemanager/v1/projects/prod-apps:getIamPolicy", JsonNode.Parse("""{"options":{"requestedPolicyVersion":3}}"""));

    private static async Task ChangeClusterAsync(GoogleFixture google)
    {
        await DoAsync(google, "DELETE", $"{Definitions}/sails.example.com");
        await UntilAsync(google, $"{Definitions}/sails.example.com", found => found["kind"]?.GetValue<string>() == "Status");
        var map = await DoAsync(google, "GET", $"{Maps}/settings");
        map["data"] = new JsonObject { ["a"] = "2" };
        await DoAsync(google, "PUT", $"{Maps}/settings", map);
        await DoAsync(google, "DELETE", $"{Member}/api/v1/namespaces/shop/secrets/key");
        await DoAsync(google, "DELETE", $"{Deployments}/web");
        await DoAsync(google, "POST", $"{Member}/api/v1/namespaces", JsonNode.Parse("""{"metadata":{"name":"new"}}"""));
        await DoAsync(google, "POST", Definitions, Definition("keels"));
    }

    private static async Task<string> TokenOfAccountAsync(GoogleFixture google)
    {
        var (status, issued) = await google.SendAsync("POST", $"{Member}/api/v1/namespaces/shop/serviceaccounts/default/token", new JsonObject());
        Assert.InRange(status, 200, 201);
        return issued["status"]!["token"]!.GetValue<string>();
    }

    private static JsonNode Definition(string plural) => JsonNode.Parse("""
        {"metadata":{"name":"PLURAL.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
         "names":{"plural":"PLURAL","singular":"SINGULAR","kind":"KIND"},
         "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
          "properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}}]}}
        """
        .Replace("PLURAL", plural, StringComparison.Ordinal)
        .Replace("SINGULAR", plural[..^1], StringComparison.Ordinal)
        .Replace("KIND", char.ToUpperInvariant(plural[0]) + plural[1..^1], StringComparison.Ordinal))!;

    private static JsonNode Deployment(string name) => JsonNode.Parse($$"""
        {"metadata":{"name":"{{name}}"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"{{name}}"} },
         "template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"containers":[{"name":"c","image":"i"}]} } } }
        """)!;

    private static JsonObject Wanted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new JsonObject { ["pemCsr"] = new CertificateRequest("CN=saved", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(), ["lifetime"] = "86400s" };
    }

    private static Task ReadyAsync(GoogleFixture google, string deployment) => UntilAsync(google, deployment, found =>
        found["status"]?["availableReplicas"]?.GetValue<int>() == 1
        && found["status"]?["conditions"]?.AsArray().Any(condition => condition?["reason"]?.GetValue<string>() == "NewReplicaSetAvailable") == true
        && found["status"]?["observedGeneration"]?.GetValue<long>() == found["metadata"]?["generation"]?.GetValue<long>());

    private static async Task<JsonObject> DoAsync(GoogleFixture google, string method, string path, JsonNode? body = null)
    {
        var (status, answer) = await google.SendAsync(method, path, body);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {answer.ToJsonString()}");
        return answer;
    }

    private static async Task UntilAsync(GoogleFixture google, string path, Func<JsonObject, bool> isRight)
    {
        while (!isRight((await google.SendAsync("GET", path)).Body))
        {
            Token.ThrowIfCancellationRequested();
        }
    }

    private static long VersionOf(JsonObject found) => long.Parse(found["metadata"]!["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    // Every field of every resource: etags, uids and resourceVersions too.
    private static void AssertSame(WorldSnapshot before, WorldSnapshot after)
    {
        Assert.Equal(before.Resources.Keys.Order(StringComparer.Ordinal), after.Resources.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, resource) in before.Resources)
        {
            Assert.True(JsonNode.DeepEquals(resource, after.Resources[name]), $"{name}:\n{resource.ToJsonString()}\n{after.Resources[name].ToJsonString()}");
        }
    }
}
