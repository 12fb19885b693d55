using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Services.Preflight;

namespace MeshWorkflow.Tests.Services.Credentials;

/// <summary>A call says as whom Google is called, by the path of a key.</summary>
public sealed class KeyFileTests
{
    private const string Other = "serviceAccount:other@prod-fleet.iam.gserviceaccount.com";

    [Fact]
    public async Task Check_WithAKey_CallsGoogleAndTheClusterAsItsAccountAndTheNextAsOurselves()
    {
        await using var service = await StartAsync();

        var number = Last(service);
        await CheckAsync(service, KeyOf(service));
        Assert.Equal([Other], CallersSince(service, number));

        number = Last(service);
        await CheckAsync(service, "");
        Assert.Equal([SharedWorld.Installer], CallersSince(service, number));
    }

    [Fact]
    public async Task Check_KeyThatWasExchanged_IsReadAnew()
    {
        await using var service = await StartAsync();
        var file = Path.Combine(Path.GetDirectoryName(service.Sandbox.Addresses.CredentialsFile)!, "exchanged.json");
        File.Copy(service.Sandbox.Addresses.CredentialsFile, file);
        await CheckAsync(service, file);
        File.Copy(KeyOf(service), file, overwrite: true);
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(5));
        var number = Last(service);

        await CheckAsync(service, file);

        Assert.Equal([Other], CallersSince(service, number));
    }

    [Theory]
    [InlineData(null, "KEY_FILE_MISSING")]
    [InlineData("""{ "type": "external_account", "credential_source": { "executable": { "command": "/bin/true" } } }""", "KEY_FILE_INVALID")]
    [InlineData("""{ "type": "service_account", "private_key": "not-a-key", "client_email": "a@b" }""", "KEY_FILE_INVALID")]
    [InlineData("[", "KEY_FILE_INVALID")]
    public async Task Check_FileThatIsNoKey_IsRefusedWithoutTellingWhatIsInIt(string? content, string reason)
    {
        await using var service = await StartAsync();
        var file = Path.Combine(Path.GetDirectoryName(service.Sandbox.Addresses.CredentialsFile)!, "wrong.json");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        var refusal = (await CheckAsync(service, file)).Checks.First(check => check.Verdict is Verdict.Refuse);

        Assert.Equal(reason, refusal.Code);
        Assert.DoesNotContain("not-a-key", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Remedy);
    }

    [Fact]
    public async Task Check_NamedPipe_IsRefusedAtOnce()
    {
        await using var service = await StartAsync();
        var pipe = NamedPipe.At(Path.Combine(Path.GetDirectoryName(service.Sandbox.Addresses.CredentialsFile)!, "pipe.json"));

        var found = await CheckAsync(service, pipe).WaitAsync(NamedPipe.AtOnce, TimeProvider.System, TestContext.Current.CancellationToken);

        var refusal = found.Checks.First(check => check.Verdict is Verdict.Refuse);
        Assert.Equal("KEY_FILE_NOT_REGULAR", refusal.Code);
        Assert.Contains($"spec.identity.keyFile: {pipe} is a named pipe", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Remedy);
    }

    private static string KeyOf(ServiceUnderTest service) =>
        Path.Combine(Path.GetDirectoryName(service.Sandbox.Addresses.CredentialsFile)!, "keys", "other@prod-fleet.iam.gserviceaccount.com.json");

    private static int Last(ServiceUnderTest service) => service.Sandbox.Journal() is [.., var last] ? last.Number : 0;

    private static IEnumerable<string> CallersSince(ServiceUnderTest service, int number) =>
        service.Sandbox.Journal(number).Where(entry => entry.Principal.StartsWith("serviceAccount:", StringComparison.Ordinal)).Select(entry => entry.Principal).Distinct();

    private static async Task<Preflighted> CheckAsync(ServiceUnderTest service, string keyFile)
    {
        var request = new PreflightRequest
        {
            Call = new Call { Rollout = "test", Generation = 1, Scope = "cluster/prod-apps/us-central1/mesh-a", Step = "preflight", Attempt = 1, KeyFile = keyFile },
            Cluster = PreflightUnderTest.Cluster(),
            Facts = new PreflightFacts { FleetProject = SharedWorld.Fleet, Revision = "asm-1233-2", MeshNamespace = "istio-system", Ahead = { PreflightUnderTest.AllSteps } },
        };
        return (await service.CallAsync<PreflightRequest, PreflightReply>("meshworkflow.controlplane.v1.Preflight", "Check", request)).Checked;
    }

    private static Task<ServiceUnderTest> StartAsync()
    {
        var world = SharedWorld.Make(["roles/owner"]);
        return ServiceUnderTest.StartAsync(
            ControlPlaneApp.AppId,
            ControlPlaneApp.Build,
            world with
            {
                Projects =
                [
                    .. world.Projects.Select(project => project with
                    {
                        Policy = [.. project.Policy, new WorldBinding("roles/owner", [Other])],
                        ServiceAccounts = project.Id == SharedWorld.Fleet ? [.. project.ServiceAccounts, new WorldServiceAccount("other") { HasKey = true }] : project.ServiceAccounts,
                    }),
                ],
            },
            ControlPlaneReflection.Descriptor);
    }
}
