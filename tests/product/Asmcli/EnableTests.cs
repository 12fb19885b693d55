using System.Text.Json.Nodes;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S13: every flag <c>--enable_…</c> lets its step happen and no other, with <c>--only_enable</c> nothing else does, and with <c>--only_validate</c> nothing.</summary>
/// <param name="world">The product, in front of clusters that lack one thing each.</param>
public sealed class EnableTests(EnableWorld world) : IClassFixture<EnableWorld>
{
    private static readonly string[] All =
    [
        "--enable_gcp_iam_roles", "--enable_gcp_apis", "--enable_gcp_components", "--enable_meshconfig_init", "--enable_cluster_roles",
        "--enable_cluster_labels", "--enable_namespace_creation", "--enable_registration",
    ];

    /// <summary>A flag, the cluster that it is for, the code of what is missing without it, and all that may change with it.</summary>
    public static TheoryData<string, string, string, string, string[]> Flags => new()
    {
        { "--enable_gcp_iam_roles", "few-roles", "roles", "ROLES_MISSING", ["//cloudresourcemanager.googleapis.com/projects/few-roles/iamPolicy"] },
        { "--enable_gcp_apis", "few-apis", "apis", "APIS_DISABLED", ["//serviceusage.googleapis.com/projects/few-apis/", "//cloudresourcemanager.googleapis.com/projects/few-apis/iamPolicy"] },
        { "--enable_gcp_components", "demo-apps", "components", "WORKLOAD_IDENTITY_OFF", [Of("components") + " ", "//meshconfig.googleapis.com/projects/demo-"] },
        { "--enable_cluster_labels", "demo-apps", "labels", "MESH_ID_MISSING", [Of("labels") + " resourceLabels"] },
        { "--enable_namespace_creation", "demo-apps", "namespace", "MESH_NAMESPACE_MISSING", [Of("namespace") + "/k8s/namespaces/istio-system"] },
        { "--enable_registration", "demo-apps", "registration", "CLUSTER_NOT_REGISTERED", [Fleets.Member("registration"), Of("registration") + " fleet", Of("registration") + "/k8s/"] },
    };

    [Theory]
    [MemberData(nameof(Flags))]
    public async Task S13_EnableFlag_MissingIsRefusedByNameBeforeAnyWriteAndGivenDoesThatAlone(string flag, string project, string cluster, string code, string[] may)
    {
        var before = world.Product.Sandbox.Snapshot();

        var refused = await RunAsync(project, cluster, All.Where(other => other != flag));

        Assert.Equal(RolloutState.Refused, refused.Rollout.State);
        Assert.Contains(code, $"{refused.Clusters[0].Reason} {refused.Clusters[0].Message}", StringComparison.Ordinal);
        Assert.Contains(flag, refused.Clusters[0].Message, StringComparison.Ordinal);
        Assert.Empty(Changed(before));

        var done = await RunAsync(project, cluster, [flag, "--only_enable"]);

        Assert.True(done.Rollout.State is RolloutState.Succeeded, $"{done.Clusters[0].Reason} {done.Clusters[0].Message} {done.Scopes[0].Message}");
        var changed = Changed(before);
        Assert.Contains(changed, line => line.StartsWith(may[0], StringComparison.Ordinal));
        Assert.All(changed, line => Assert.Contains(may, start => line.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task S13_EnableMeshConfigInit_MissingIsANoticeForNobodyCanReadItAndGivenIsSent()
    {
        using var client = world.Product.Client();
        var before = world.Product.Sandbox.Snapshot();

        var plan = await client.PlanAsync(Request("few-pools", "pools", []), TestContext.Current.CancellationToken);
        var without = await RunAsync("few-pools", "pools", ["--only_enable", "--enable_cluster_labels"]);

        Assert.Contains(
            plan.Scopes.SelectMany(scope => scope.Steps).SelectMany(step => step.Notices),
            notice => notice.Code == "MESH_CONFIG_UNKNOWN" && notice.Message.Contains("--enable_meshconfig_init", StringComparison.Ordinal));
        Assert.Equal(RolloutState.Succeeded, without.Rollout.State);
        Assert.Empty(Changed(before));

        var with = await RunAsync("few-pools", "pools", ["--only_enable", "--enable_cluster_labels", "--enable_meshconfig_init"]);

        Assert.Equal(RolloutState.Succeeded, with.Rollout.State);
        var changed = Changed(before);
        Assert.Contains("//meshconfig.googleapis.com/projects/few-pools", changed);
        Assert.All(changed, line => Assert.StartsWith("//meshconfig.googleapis.com/", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S13_EnableClusterRoles_MemberWithoutRightsIsRefusedBeforeAnyWriteAndWithItBound()
    {
        var before = world.Product.Sandbox.Snapshot();

        var refused = await RunAsync("demo-apps", "rights", All.Except(["--enable_cluster_roles", "--enable_gcp_iam_roles"]), member: "user:ann@example.com");

        Assert.Equal((RolloutState.Refused, "MEMBER_ADMIN_MISSING"), (refused.Rollout.State, refused.Clusters[0].Reason));
        Assert.Contains("--enable_cluster_roles", refused.Clusters[0].Message, StringComparison.Ordinal);
        Assert.Empty(Changed(before));

        var done = await RunAsync("demo-apps", "rights", ["--only_enable", "--enable_cluster_roles", "--enable_gcp_iam_roles"], member: "user:ann@example.com");

        Assert.Equal(RolloutState.Succeeded, done.Rollout.State);
        var changed = Changed(before);
        Assert.Single(changed, line => line.StartsWith(Of("rights"), StringComparison.Ordinal) && line.Contains("clusterrolebindings/ann-", StringComparison.Ordinal));
        Assert.All(changed, line => Assert.True(line.Contains("iamPolicy", StringComparison.Ordinal) || line.Contains("clusterrolebindings/ann-", StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task S13_OnlyEnableAll_BareClusterIsMadeReadyWithoutAControlPlaneAndPutBackExactly()
    {
        var before = world.Product.Sandbox.Snapshot();
        using var client = world.Product.Client();
        var preflight = await client.PreflightAsync(Request("demo-apps", "bare", []), TestContext.Current.CancellationToken);
        Assert.All(
            ["--enable_registration", "--enable_cluster_labels", "--enable_namespace_creation"],
            flag => Assert.Contains(preflight.Clusters[0].Checks, check => check.Verdict == "refuse" && check.Remedy!.Contains($"{flag} (or --enable_all)", StringComparison.Ordinal)));
        Assert.Equal(RolloutState.Refused, (await RunAsync("demo-apps", "bare", [])).Rollout.State);
        Assert.Empty(Changed(before));

        var done = await RunAsync("demo-apps", "bare", ["--only_enable", "--enable_all"]);

        Assert.True(done.Rollout.State is RolloutState.Succeeded, $"{done.Clusters[0].Reason} {done.Clusters[0].Message}");
        var changed = Changed(before);
        Assert.All(
            [Fleets.Member("bare"), $"{Of("bare")} resourceLabels", $"{Of("bare")}/k8s/namespaces/istio-system"],
            line => Assert.Contains(line, changed));
        Assert.DoesNotContain(changed, line => line.Contains("istiod", StringComparison.Ordinal) || line.Contains("webhookconfigurations", StringComparison.Ordinal) || line.Contains("asm-system", StringComparison.Ordinal));

        await world.Product.RollBackAsync(done.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await world.Product.EndAsync(done.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, world.Product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task S13_NamespaceThatIsThere_GetsItsNetworkByAnInstallWithoutTheFlagAndByNoOnlyEnable()
    {
        var before = world.Product.Sandbox.Snapshot();

        var enabled = await RunAsync("demo-apps", "network", ["--only_enable", "--enable_cluster_labels"]);

        Assert.Equal(RolloutState.Succeeded, enabled.Rollout.State);
        Assert.Empty(Changed(before));

        var installed = await RunAsync("demo-apps", "network", []);

        Assert.True(installed.Rollout.State is RolloutState.Succeeded, $"{installed.Clusters[0].Reason} {installed.Clusters[0].Message}");
        Assert.Contains($"{Of("network")}/k8s/namespaces/istio-system metadata.labels", string.Join('\n', Changed(before)), StringComparison.Ordinal);

        await world.Product.RollBackAsync(installed.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await world.Product.EndAsync(installed.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, world.Product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task S13_OnlyEnable_SomethingElseIsMissing_IsRefusedAndNothingIsEnabled()
    {
        var before = world.Product.Sandbox.Snapshot();

        var ended = await RunAsync("demo-apps", "bad", ["--only_enable", "--enable_cluster_labels"]);

        Assert.Equal((RolloutState.Refused, "CLUSTER_NOT_REGISTERED"), (ended.Rollout.State, ended.Clusters[0].Reason));
        Assert.Empty(Changed(before));
    }

    [Theory]
    [InlineData("install --only_validate", "good", 0, "nothing stands in its way")]
    [InlineData("validate", "good", 0, "nothing stands in its way")]
    [InlineData("install --only_validate", "bad", 3, "--enable_registration")]
    [InlineData("validate", "bad", 3, "--enable_registration")]
    [InlineData("install --only_validate", "no-such", 3, "CLUSTER_NOT_FOUND")]
    [InlineData("install --only_validate -p no-such-project", "good", 3, "no-such-project")]
    [InlineData("install --only_validate --fleet_id no-such-fleet", "good", 3, "no-such-fleet")]
    [InlineData("install --only_validate --option stackdirver", "good", 3, "OPTION_UNKNOWN")]
    [InlineData("install --only_validate --enable_gcp_apis", "good", 2, "--enable_gcp_apis")]
    [InlineData("install --only_enable", "good", 2, "--only_enable")]
    [InlineData("install --print_config --enable_all", "bad", 0, "kind: IstioOperator")]
    [InlineData("install --dry_run --enable_all", "bad", 0, "istiod-asm-1233-2")]
    [InlineData("install --dry_run", "bad", 3, "--enable_registration")]
    public async Task S13_FlagThatMakesInstallOnlyLook_Run_HasItsVerdictAndWritesNothing(string command, string cluster, int exitCode, string says)
    {
        var before = world.Product.Sandbox.Snapshot();
        var begun = world.Product.Sandbox.Journal().Count;
        var words = command.Split(' ');
        using var output = new TestConsole().Width(400);
        using var errors = new TestConsole().Width(400);

        var ended = await MeshwfCommand.RunAsync(
            [words[0], "-p", "demo-apps", "-l", "us-central1", "-n", cluster, "--fleet_id", "demo-fleet", "--state", world.Product.State.Path, .. words[1..]], output, errors);

        Assert.True(ended == exitCode, $"{ended}\n{output.Output}\n{errors.Output}");
        Assert.Contains(says, exitCode == 2 ? errors.Output : output.Output, StringComparison.Ordinal);
        Assert.True(!command.Contains("print_config", StringComparison.Ordinal) || output.Output.StartsWith("apiVersion: ", StringComparison.Ordinal), output.Output);
        Assert.Equal(exitCode == 2, world.Product.Sandbox.Journal().Count == begun);
        Assert.Empty(world.Product.Writes(begun));
        Assert.Empty(Changed(before));
    }

    private static string Of(string cluster) => Fleets.Resource(cluster);

    private List<string> Changed(WorldSnapshot before) => [.. WorldDiff.Compare(before, world.Product.Sandbox.Snapshot()).Lines()];

    private async Task<RolloutView> RunAsync(string project, string cluster, IEnumerable<string> flags, string? member = null) =>
        await world.Product.RunAsync(Request(project, cluster, flags, member));

    private static string Request(string project, string cluster, IEnumerable<string> flags, string? member = null)
    {
        var read = AsmcliReading.Of(["-p", project, "-l", "us-central1", "-n", cluster, "--fleet_id", "demo-fleet", .. flags], _ => null, Purpose.Install);
        Assert.Empty(read.Mistakes);
        if (member is null)
        {
            return read.Text;
        }

        var request = JsonNode.Parse(read.Text)!;
        request["spec"]!["identity"] = new JsonObject { ["member"] = member };
        return request.ToJsonString();
    }
}
