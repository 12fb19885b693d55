using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Platforms;

/// <summary>Kubeconfigs: which are read, what is refused, and that nothing secret of them gets anywhere.</summary>
public sealed class KubeconfigTests
{
    [Theory]
    [InlineData("no-such-context", "KUBECONFIG_CONTEXT_UNKNOWN", "gke_demo-apps_us-central1_mesh-a")]
    [InlineData("plugin", "KUBECONFIG_PLUGIN_REFUSED", "Kubeconfigs:AllowedPlugins")]
    [InlineData("no-cluster", "KUBECONFIG_INVALID", "kubectl")]
    public async Task Plan_ContextThatCannotBe_IsRefusedWithWhatThereIs(string context, string reason, string says)
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var file = With(service, """
            - name: plugin
              context: { cluster: onprem-1, user: plugin }
            - name: no-cluster
              context: { cluster: gone, user: kubernetes-admin }
            """, """
            - name: plugin
              user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: /usr/bin/touch, args: [/tmp/meshwf-plugin-ran] } }
            """);

        var refused = (await Namespace(service, file, context).TryPlanAsync()).Refused;

        Assert.Equal(reason, refused.Reason);
        Assert.Contains(says, $"{refused.Message} {refused.Hint}", StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/meshwf-plugin-ran"));
    }

    [Theory]
    [InlineData("token: &a [*a]", "line 4, column 22, in users[0].user.token[0]")]
    [InlineData("token: geheim, token: geheim", "line 4, column 26, in users[0].user.token")]
    [InlineData("token: !geheim!geheim x", "line 4, column")]
    [InlineData("[", "line 4, column")]
    public async Task Plan_KubeconfigThatCannotBeRead_IsRefusedWithItsPlaceAndWithoutASecret(string user, string says)
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var folder = Directory.CreateTempSubdirectory("meshwf-kubeconfig-");
        var file = Path.Combine(folder.FullName, "config");
        var text = user == "[" ? new string('[', 200_000) : user;
        await File.WriteAllTextAsync(file, $"apiVersion: v1\nusers:\n- name: a\n  user: {{ {text} }}\n", TestContext.Current.CancellationToken);

        var refused = (await Namespace(service, file, "any").TryPlanAsync()).Refused;

        Assert.Equal("KUBECONFIG_INVALID", refused.Reason);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refused.ToString(), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Plan_KubeconfigThatIsANamedPipe_IsRefusedAtOnce()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var folder = Directory.CreateTempSubdirectory("meshwf-kubeconfig-");
        var pipe = NamedPipe.At(Path.Combine(folder.FullName, "config"));

        var refused = (await AtOnceAsync(Namespace(service, pipe, "any"))).Refused;

        Assert.Equal("KUBECONFIG_NOT_REGULAR", refused.Reason);
        Assert.Contains($"spec.clusters[].kubeconfig: {pipe} is a named pipe", refused.Message, StringComparison.Ordinal);
        Assert.Contains("<(…)", refused.Hint, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("client-certificate")]
    [InlineData("client-key")]
    [InlineData("tokenFile")]
    [InlineData("certificate-authority")]
    public async Task Plan_KubeconfigThatNamesANamedPipe_IsRefusedAtOnceByTheField(string field)
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var folder = Directory.CreateTempSubdirectory("meshwf-kubeconfig-");
        NamedPipe.At(Path.Combine(folder.FullName, "pipe"));
        var file = Path.Combine(folder.FullName, "config");
        var isOfUser = field != "certificate-authority";
        await File.WriteAllTextAsync(
            file,
            $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: { server: "https://127.0.0.1:1"{{(isOfUser ? "" : $", {field}: pipe")}} }
            contexts:
            - name: any
              context: { cluster: c, user: u }
            users:
            - name: u
              user: { {{(isOfUser ? $"{field}: pipe" : "token: t")}} }
            """,
            TestContext.Current.CancellationToken);

        var refused = (await AtOnceAsync(Namespace(service, file, "any"))).Refused;

        Assert.Equal("KUBECONFIG_NOT_REGULAR", refused.Reason);
        Assert.Contains($".{field} of {file}: {Path.Combine(folder.FullName, "pipe")} is a named pipe", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("gke-gcloud-auth-plugin")]
    [InlineData("/usr/lib/google-cloud-sdk/bin/gke-gcloud-auth-plugin")]
    public async Task Plan_GooglesPlugin_IsNotRunAndOursAreUsed(string command)
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var file = With(service, "- name: google\n  context: { cluster: gke_demo-apps_us-central1_mesh-a, user: google }\n", $$"""
            - name: google
              user: { exec: { apiVersion: client.authentication.k8s.io/v1beta1, command: {{command}} } }
            """);
        var target = ClusterElsewhere.Target(service, file, "google");
        (target.Project, target.Location, target.Name) = ("demo-apps", "us-central1", "mesh-a");
        target.Access.Platform = Protos.Steps.V1.Platform.GoogleCloud;

        var plan = await service.Step("mesh-namespace", "cluster/demo-apps/us-central1/mesh-a", new MeshNamespaceSpec { Cluster = target, Namespace = "istio-system" }).PlanAsync();

        Assert.Single(plan.Changes);
        Assert.Contains(service.Sandbox.Journal(), entry => entry.Api == "kubernetes" && entry.Principal.StartsWith("serviceAccount:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_TokenFile_IsUsedAndNoSecretIsInPlanStateOrLog()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var token = service.Sandbox.TokenFor("user:owner@example.com");
        var folder = Directory.CreateTempSubdirectory("meshwf-kubeconfig-").FullName;
        var secret = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(secret, token, TestContext.Current.CancellationToken);
        var file = With(service, "- name: token\n  context: { cluster: gke_demo-apps_us-central1_mesh-a, user: token }\n", $"- name: token\n  user: {{ tokenFile: {secret} }}\n");
        var target = ClusterElsewhere.Target(service, file, "token");
        (target.Project, target.Location, target.Name) = ("demo-apps", "us-central1", "mesh-a");
        target.Access.Platform = Protos.Steps.V1.Platform.GoogleCloud;

        var plan = await service.Step("mesh-namespace", "cluster/demo-apps/us-central1/mesh-a", new MeshNamespaceSpec { Cluster = target, Namespace = "istio-system" }).PlanAsync();

        Assert.Single(plan.Changes);
        Assert.Contains(service.Sandbox.Journal(), entry => entry.Api == "kubernetes" && entry.Principal == "user:owner@example.com");
        Assert.DoesNotContain(token, plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("client-key", plan.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static Task<PlanReply> AtOnceAsync(StepUnderTest step) =>
        step.TryPlanAsync().WaitAsync(NamedPipe.AtOnce, TimeProvider.System, TestContext.Current.CancellationToken);

    private static StepUnderTest Namespace(ServiceUnderTest service, string file, string context) => service.Step(
        "mesh-namespace",
        ClusterElsewhere.Scope,
        new MeshNamespaceSpec { Cluster = ClusterElsewhere.Target(service, file, context), Namespace = "istio-system" });

    // The sandbox's kubeconfig with more in it, beside it.
    private static string With(ServiceUnderTest service, string contexts, string users)
    {
        var text = File.ReadAllText(service.Sandbox.Addresses.KubeconfigFile);
        var file = Path.Combine(Path.GetDirectoryName(service.Sandbox.Addresses.KubeconfigFile)!, $"kubeconfig-{Guid.CreateVersion7():N}");
        File.WriteAllText(
            file,
            text.Replace("contexts:\n", $"contexts:\n{contexts.TrimEnd()}\n", StringComparison.Ordinal).Replace("users:\n", $"users:\n{users.TrimEnd()}\n", StringComparison.Ordinal));
        return file;
    }
}
