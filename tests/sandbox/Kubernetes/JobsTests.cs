using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class JobsTests
{
    private const string Jobs = "/apis/batch/v1/namespaces/default/jobs";
    private const string Crons = "/apis/batch/v1/namespaces/default/cronjobs";
    private const string Template = """{ spec: { restartPolicy: Never, containers: [{ name: work, image: "work:1" }] } }""";

    [Fact]
    public async Task Job_OfThree_StartsTwoAtOnceAndCompletes()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.DoAsync("POST", Jobs, $"{{ metadata: {{ name: work }}, spec: {{ completions: 3, parallelism: 2, template: {Template} }} }}", "application/yaml");

        var job = await cluster.UntilAsync($"{Jobs}/work", (_, found) => JobController.IsOver((JsonObject)found));

        Assert.Equal((3, 0), (job["status"].Number("succeeded"), job["status"].Number("active") ?? 0));
        Assert.True(Conditions.IsTrue((JsonObject)job, "Complete"));
        Assert.NotEqual("", job["status"].Text("completionTime"));
        var pods = (await cluster.DoAsync("GET", "/api/v1/namespaces/default/pods?labelSelector=batch.kubernetes.io/job-name=work")).Objects("items").ToList();
        Assert.Equal(3, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("Succeeded", "Completed"), (pod["status"].Text("phase"),
            pod["status"].Objects("containerStatuses").First().Object("state").Object("terminated").Text("reason"))));
    }

    [Fact]
    public async Task Job_WhosePodsFail_GivesUpAtItsLimit()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(made => made.Extend(_ => new ClusterExtension { Health = [new Crashing()] }));
        await cluster.DoAsync("POST", Jobs, $"{{ metadata: {{ name: work }}, spec: {{ backoffLimit: 1, template: {Template} }} }}", "application/yaml");

        var job = await cluster.UntilAsync($"{Jobs}/work", (_, found) => JobController.IsOver((JsonObject)found));

        Assert.Equal(2, job["status"].Number("failed"));
        Assert.Equal("BackoffLimitExceeded", PodFacts.Condition((JsonObject)job, "Failed").Text("reason"));
    }

    [Fact]
    public async Task Mistakes_AreRefusedInTheServersWords()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        var (status, refused) = await cluster.SendAsync("POST", Jobs, """{ metadata: { name: work }, spec: { template: { spec: { containers: [{ name: work, image: i }] } } } }""", "application/yaml");
        Assert.Equal(422, status);
        Assert.Contains("spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"", refused.Text("message"), StringComparison.Ordinal);

        (status, refused) = await cluster.SendAsync("POST", Crons, $"{{ metadata: {{ name: cron }}, spec: {{ schedule: 'every day', jobTemplate: {{ spec: {{ template: {Template} }} }} }} }}", "application/yaml");
        Assert.Equal(422, status);
        Assert.Contains("spec.schedule: Invalid value: \"every day\": expected exactly 5 fields, found 2: [every day]", refused.Text("message"), StringComparison.Ordinal);

        await cluster.DoAsync("POST", Jobs, $"{{ metadata: {{ name: work }}, spec: {{ suspend: true, template: {Template} }} }}", "application/yaml");
        (status, refused) = await cluster.SendAsync("PATCH", $"{Jobs}/work", """{"spec":{"completions":7}}""", "application/merge-patch+json");
        Assert.Equal(422, status);
        Assert.Contains("spec.completions: Invalid value: 7: field is immutable", refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubectl_CreatesWaitsAndDeletes()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await kubectl.RunAsync("create cronjob tidy --image=work:1 '--schedule=0 0 1 1 *'");
        await kubectl.RunAsync("create job now --from=cronjob/tidy");

        Assert.Contains("condition met", await kubectl.RunAsync("wait --for=condition=complete job/now --timeout=60s"), StringComparison.Ordinal);
        Assert.Contains("ready to serve", await kubectl.RunAsync("logs job/now"), StringComparison.Ordinal);
        Assert.Matches("now +Complete +1/1", await kubectl.RunAsync("get jobs"));
        Assert.Matches("tidy +0 0 1 1 \\* +<none> +False +0", await kubectl.RunAsync("get cronjobs"));
        Assert.Contains("Job completed", await kubectl.RunAsync("describe job now"), StringComparison.Ordinal);
        await kubectl.RunAsync("delete cronjob tidy --cascade=foreground --timeout=60s");
        await kubectl.UntilAsync("get jobs,pods -o name", left => left.Length == 0);
    }

    [Theory]
    [InlineData("*/15 * * * *", "2026-01-02T03:04:05Z", "2026-01-02T03:15:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-02T03:04:05Z", "2028-02-29T00:00:00Z")]
    [InlineData("30 6-8/2 * jan,mar mon-fri", "2026-01-30T08:31:00Z", "2026-03-02T06:30:00Z")]
    [InlineData("0 12 13 * fri", "2026-01-02T12:00:00Z", "2026-01-09T12:00:00Z")]
    [InlineData("@hourly", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z")]
    public void Schedule_Next_IsTheFirstTimeAfter(string schedule, string after, string next)
    {
        var parsed = CronSchedule.Parse(schedule, out var wrong);

        Assert.Equal("", wrong);
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), parsed?.Next(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("60 * * * *", "failed to parse minute \"60\"")]
    [InlineData("* * * * funday", "failed to parse day of week \"funday\"")]
    [InlineData("@often", "unrecognized descriptor: @often")]
    [InlineData("*/0 * * * *", "failed to parse minute \"*/0\"")]
    public void Schedule_ThatIsNone_SaysWhy(string schedule, string why)
    {
        Assert.Null(CronSchedule.Parse(schedule, out var wrong));
        Assert.Equal(why, wrong);
    }

    [Fact]
    public async Task CronJob_WhenItsTimeComes_MakesAJobAndKeepsTheLastThree()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var gate = new WorldGate();
        ClusterState? found = null;
        using var cluster = new KubernetesCluster(new WorldCluster("p", "l", "c", "n"), "", new SandboxOptions { Folder = "", Time = time }, gate, new Journal(time));
        cluster.Extend(state =>
        {
            found = state;
            return new ClusterExtension();
        });
        Assert.NotNull(found);
        var (crons, jobs) = (BuiltinKinds.Find("batch", "cronjobs"), BuiltinKinds.Find("batch", "jobs"));
        lock (gate.Gate)
        {
            Assert.NotEmpty(cluster.Resources());
            found.Writer.Create(crons, (JsonObject)JsonNode.Parse("""
                { "kind": "CronJob", "apiVersion": "batch/v1", "metadata": { "name": "tidy", "namespace": "default" },
                  "spec": { "schedule": "*/10 * * * *", "jobTemplate": { "spec": { "template": { "spec": { "restartPolicy": "Never", "containers": [{ "name": "work", "image": "work:1" }] } } } } } }
                """)!, new WriteFacts("test"));
        }

        var names = new HashSet<string>();
        await UntilAsync(() =>
        {
            names.UnionWith(found.Store.List(jobs).Select(job => job.Name()));
            return names.Count >= 5;
        });
        await UntilAsync(() => found.Store.Find(crons, "default", "tidy")!.Object("status").Text("lastSuccessfulTime").Length > 0 && found.Store.Count(jobs) <= 4);

        Assert.All(names, name => Assert.Equal(0, (long.Parse(name["tidy-".Length..], CultureInfo.InvariantCulture) * 60) % 600));

        async Task UntilAsync(Func<bool> isSo)
        {
            while (true)
            {
                time.Advance(TimeSpan.FromMilliseconds(10_000));
                lock (gate.Gate)
                {
                    if (isSo())
                    {
                        return;
                    }
                }

                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private sealed class Crashing : IPodHealth
    {
        public PodTrouble? TroubleOf(JsonObject pod) => new("", "CrashLoopBackOff", "it broke");
    }
}
