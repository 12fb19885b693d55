using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>The sandbox answers as the samples of the real APIs do: every field of a sample is there, of the same kind, and no unknown one.</summary>
public sealed class SampleTests
{
    // What a sample needs to have happened before.
    private static readonly Dictionary<string, Func<GoogleFixture, Task>> Before = new(StringComparer.Ordinal)
    {
        ["su-quota"] = Fault(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "serviceusage"),
        ["hub-busy"] = async google =>
        {
            await Run(google, "hub-feature-create");
            await Fault(429, "RESOURCE_EXHAUSTED", null, "gkehub", "features.patch", 30)(google);
        },
        ["gce-ratelimit"] = Fault(429, "RESOURCE_EXHAUSTED", null, "compute"),
        ["any-service-disabled"] = google => google.OkAsync(
            "POST", "serviceusage/v1/projects/prod-fleet/services/gkehub.googleapis.com:disable", new JsonObject { ["disableDependentServices"] = true })
            .ContinueWith(done => google.DoneAsync("serviceusage", done.Result), TaskScheduler.Default).Unwrap(),
        ["gke-busy"] = google => google.OkAsync("PUT", Sample.Of("gke-wi").Path, Sample.Of("gke-wi").Request),
        ["hub-create-exists"] = google => Run(google, "hub-create"),
        ["hub-get"] = google => Run(google, "hub-create"),
        ["hub-list"] = google => Run(google, "hub-create"),
        ["hub-filter"] = google => Run(google, "hub-create"),
        ["hub-patch-authority"] = google => Run(google, "hub-create"),
        ["hub-patch-authority-off"] = google => Run(google, "hub-create"),
        ["hub-patch-labels"] = google => Run(google, "hub-create"),
        ["hub-delete"] = google => Run(google, "hub-create"),
        ["cg-creds"] = google => Run(google, "hub-create"),
        ["hub-feature-get"] = google => Run(google, "hub-create", "hub-feature-create", "hub-feature-patch"),
        ["hub-feature-exists"] = google => Run(google, "hub-feature-create"),
        ["hub-feature-patch"] = google => Run(google, "hub-create", "hub-feature-create"),
        ["hub-feature-delete"] = google => Run(google, "hub-feature-create"),
        ["hub-create-denied"] = RemoveAgent,
        ["hub-feature-not-active"] = google => google.OkAsync("POST", "serviceusage/v1/projects/prod-fleet/services/meshconfig.googleapis.com:disable", new JsonObject())
            .ContinueWith(done => google.DoneAsync("serviceusage", done.Result), TaskScheduler.Default).Unwrap(),
        ["gce-fw-exists"] = google => Run(google, "gce-fw-insert"),
        ["gce-fw-get"] = google => Run(google, "gce-fw-insert"),
        ["gce-fw-patch"] = google => Run(google, "gce-fw-insert"),
        ["gce-fw-delete"] = google => Run(google, "gce-fw-insert"),
        ["gce-notready"] = async google =>
        {
            await Run(google, "gce-fw-insert");

            // Else it may have ended before the next call comes.
            google.Host.Order(FaultPlan.Read("faults:\n- { match: { api: compute, method: firewalls.patch }, operation: { end: never } }", "slow"));
            await google.OkAsync("PATCH", Sample.Of("gce-fw-patch").Path, Sample.Of("gce-fw-patch").Request);
        },
        ["cas-pool-create"] = google => RemovePool(google),
        ["cas-pool-delete"] = async google => await RemovePool(google, keep: true),
        ["su-disable"] = async google => await google.DoneAsync("serviceusage", await google.OkAsync("POST", Sample.Of("su-enable").Path, new JsonObject())),
    };

    // Told of operations that the sample names; a test of its own covers each of these families.
    private static readonly HashSet<string> OfOperations =
    [
        "su-op", "su-op-done", "su-op-failed", "gke-op", "gke-op-done", "gke-op-failed", "hub-op-done", "hub-op-failed", "hub-delete-done", "hub-feature-op", "cas-op",
        "gce-wait", "gce-op", "gce-op-failed",
    ];

    // Fields of the samples that depend on a state which the sandbox has otherwise.
    private static readonly HashSet<string> NotHere =
    [
        "nextPageToken", "unreachable", "error.details.links", "controlPlaneEndpointsConfig.dnsEndpointConfig", "nodeConfig", "nodePools.instanceGroupUrls", "fleet", "membershipStates.*.servicemesh.conditions",
    ];

    // A CSR of the samples is shortened; the tests of certificates bring their own.
    public static TheoryData<string> Exchanges() =>
        [.. Sample.Keys.Where(key => !OfOperations.Contains(key) && key is not ("cas-cert" or "cas-cert-check" or "crm-setiam" or "crm-v3-setiam" or "cas-setiam" or "cas-template-setiam" or "gke-labels" or "ic-token"))];

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Exchange_OfTheReference_IsAnsweredTheSameWay(string key)
    {
        await using var google = await GoogleFixture.StartAsync();
        await Before.GetValueOrDefault(key, _ => Task.CompletedTask)(google);
        var sample = Sample.Of(key);

        var (status, body) = await google.SendAsync(sample.Method, sample.Path, sample.Request);

        Assert.True(sample.Status == status, $"{sample.Status} was expected: {status} {body.ToJsonString()}");
        var missing = Missing(sample.Response, body, "").ToList();
        Assert.True(missing.Count == 0, $"{string.Join(", ", missing)} in {body.ToJsonString()}");
        if (status >= 400)
        {
            Assert.Equal(sample.Response["error"]!["status"]?.ToJsonString(), body["error"]!["status"]?.ToJsonString());
            Assert.Equal(Reasons(sample.Response), Reasons(body));
        }
    }

    [Theory]
    [InlineData("gkehub", "Membership", "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships/mesh-a")]
    [InlineData("gkehub", "Feature", "gkehub/v1/projects/prod-fleet/locations/global/features/servicemesh")]
    [InlineData("container", "ListClustersResponse", "container/v1/projects/prod-apps/locations/-/clusters")]
    [InlineData("compute", "FirewallList", "compute/v1/projects/prod-net/global/firewalls")]
    [InlineData("compute", "NetworkList", "compute/v1/projects/prod-net/global/networks")]
    [InlineData("privateca", "ListCaPoolsResponse", "privateca/v1/projects/prod-apps/locations/-/caPools")]
    [InlineData("privateca", "ListCertificateAuthoritiesResponse", "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool/certificateAuthorities")]
    [InlineData("serviceusage", "ListServicesResponse", "serviceusage/v1/projects/prod-apps/services")]
    [InlineData("cloudresourcemanager", "ProjectV3", "cloudresourcemanager/v3/projects/prod-fleet")]
    [InlineData("iam", "ListServiceAccountsResponse", "iam/v1/projects/prod-apps/serviceAccounts")]
    public async Task Answer_HasNoUnknownField(string api, string message, string path)
    {
        await using var google = await GoogleFixture.StartAsync();
        await Run(google, "hub-create", "hub-feature-create", "hub-feature-patch");

        ApiSchemas.Of(api).Message(message).Read(await google.OkAsync("GET", path));
    }

    private static async Task Run(GoogleFixture google, params string[] keys)
    {
        foreach (var sample in keys.Select(Sample.Of))
        {
            var operation = await google.OkAsync(sample.Method, sample.Path, sample.Request);
            if (sample.Api == "compute")
            {
                await google.FinishedAsync("compute/v1/projects/prod-net/global", operation);
            }
            else
            {
                await google.DoneAsync(sample.Api, operation);
            }
        }
    }

    private static Func<GoogleFixture, Task> Fault(int status, string code, string? reason, string api, string? method = null, int? retryAfter = null) => google =>
    {
        google.Order(new FaultSpec { Match = new CallMatch(api, method), Status = status, Code = code, Reason = reason, RetryAfterSeconds = retryAfter });
        return Task.CompletedTask;
    };

    private static async Task RemoveAgent(GoogleFixture google)
    {
        const string Path = "cloudresourcemanager/v1/projects/prod-apps";
        var policy = await google.OkAsync("POST", $"{Path}:getIamPolicy", JsonNode.Parse("""{"options":{"requestedPolicyVersion":3}}"""));
        var bindings = (JsonArray)policy["bindings"]!;
        bindings.Remove(bindings.First(binding => binding!["role"]!.GetValue<string>() == "roles/gkehub.serviceAgent"));
        await google.OkAsync("POST", $"{Path}:setIamPolicy", new JsonObject { ["policy"] = policy.DeepClone() });
    }

    private static async Task RemovePool(GoogleFixture google, bool keep = false)
    {
        const string Authority = "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool/certificateAuthorities/mesh-sub-1";
        await google.DoneAsync("privateca", await google.OkAsync("POST", $"{Authority}:disable", new JsonObject()));
        await google.DoneAsync("privateca", await google.OkAsync("DELETE", $"{Authority}?skipGracePeriod=true"));
        if (!keep)
        {
            await google.DoneAsync("privateca", await google.OkAsync("DELETE", "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool"));
        }
    }

    private static IEnumerable<string> Missing(JsonNode? expected, JsonNode? found, string path)
    {
        if (NotHere.Contains(path))
        {
            return [];
        }

        return (expected, found) switch
        {
            (JsonObject one, JsonObject other) => one.SelectMany(pair => Missing(
                pair.Value, other[pair.Key], Join(path, pair.Key.Contains('/', StringComparison.Ordinal) ? "*" : pair.Key))),
            (JsonArray one, JsonArray other) => one.Count > 0 && other.Count > 0 ? Missing(one[0], other[0], path) : one.Count > 0 ? [path] : [],
            _ => Kind(expected) == Kind(found) ? [] : [$"{path} ({expected?.ToJsonString()}, {found?.ToJsonString() ?? "absent"})"],
        };
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "absent",
        JsonValueKind.True or JsonValueKind.False => "truth",
        var kind => kind.ToString()!,
    };

    private static IEnumerable<string> Reasons(JsonObject body)
    {
        var details = (body["error"]!["details"] as JsonArray ?? []).Where(detail => detail!["reason"] is not null).Select(detail => $"{detail!["reason"]}");
        var errors = (body["error"]!["errors"] as JsonArray ?? []).Select(error => $"{error!["domain"]} {error["reason"]}");
        return details.Concat(errors);
    }
}
