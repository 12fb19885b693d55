using System.Net;
using System.Net.Sockets;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Workflows.Api;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>Every flag of every command with values that it can't have: exit code 2, the flag or field by name, and nobody is contacted.</summary>
public sealed class BadArgumentTests : IDisposable
{
    private static readonly string[] OfOneRollout = ["status", "watch", "rollback", "cancel", "pause", "resume", "approve"];
    private static readonly string[] OfFlags = ["install", "apply", "validate", "preflight", "plan", "print-config"];

    private static readonly string[] Cluster = ["-p", "demo-apps", "-n", "mesh-b", "-l", "europe-west1", "--fleet_id", "demo-fleet"];

    // A value that each flag can't have, and the flag or field that is told; the others take any text, or none.
    private static readonly Dictionary<AsmcliFlag, (string Value, string Told)> Wrong = new()
    {
        [Flags.Project] = ("demo\u001b[2J", "spec.clusters[0].project"),
        [Flags.Cluster] = ("../c1", "spec.clusters[0].name"),
        [Flags.Location] = ("nowhere", "spec.clusters[0].location"),
        [Flags.Kubeconfig] = ("/no/such/file", "--kubeconfig"),
        [Flags.Fleet] = ("a||b", "spec.fleet.project"),
        [Flags.Network] = ("a/b", "spec.clusters[0].networkId"),
        [Flags.Ca] = ("our_ca", "--ca"),
        [Flags.CaName] = ("projects/p/locations/l/caPools/c", "--ca_name"),
        [Flags.CaCert] = ("/no/such/file", "--ca_cert"),
        [Flags.CaKey] = ("/no/such/file", "--ca_key"),
        [Flags.RootCert] = ("/no/such/file", "--root_cert"),
        [Flags.CertChain] = ("/no/such/file", "--cert_chain"),
        [Flags.Option] = ("../../etc/passwd", "spec.options"),
        [Flags.Overlay] = ("/no/such/file", "--custom_overlay"),
        [Flags.Revision] = ("Wrong!", "spec.mesh.revision"),
        [Flags.Platform] = ("aws", "--platform"),
        [Flags.Channel] = ("fast", "--channel"),
        [Flags.ServiceAccount] = ("nobody", "--key_file"),
        [Flags.KeyFile] = ("/no/such/file", "--key_file"),
        [Flags.Version] = ("latest", "spec.mesh.version"),
        [Flags.RolloutName] = ("prod-g1", "metadata.name"),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-arguments-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public BadArgumentTests()
    {
        _listener.Start();
        Directory.CreateDirectory(State);
        ApiToken.ReadOrMake(new StateFolder(State).TokenFile);
    }

    private string State => Path.Combine(_folder, "state");

    private string[] Access => ["--state", State, "--api", $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"];

    [Fact]
    public async Task Run_WhatIsRight_ContactsTheApi()
    {
        var running = RunAsync(["plan", .. Cluster, .. Access]);

        using var connection = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        connection.Close();
        Assert.Equal(8, (await running).ExitCode);
    }

    [Fact]
    public async Task Run_AnyFlagWithAWrongValue_IsToldByNameAndContactsNobody()
    {
        var failures = new List<string>();
        foreach (var command in OfFlags)
        {
            foreach (var (args, told) in Flags.OnCommandLine.SelectMany(Bad))
            {
                await CheckAsync([command, .. Cluster, .. args, .. Access], told, failures);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task Run_AnyOtherCommandWithWrongArguments_IsToldAndContactsNobody()
    {
        var noText = Path.Combine(_folder, "no-text.yaml");
        await File.WriteAllBytesAsync(noText, [0xff, 0xfe, 0x41], TestContext.Current.CancellationToken);
        var nested = Path.Combine(_folder, "nested.yaml");
        await File.WriteAllTextAsync(nested, new string('[', 200_000), TestContext.Current.CancellationToken);
        (string[] Args, string Told)[] all =
        [
            .. OfOneRollout.SelectMany(command => new (string[], string)[]
            {
                ([command, "a||b", .. Access], "a||b"),
                ([command, "../a", .. Access], "../a"),
                ([command, "Prod", .. Access], "Prod"),
                ([command, "a\u001b[2Jb", .. Access], "a\\u001b[2Jb"),
                ([command, new string('a', 100), .. Access], "aaa"),
                ([command, "a", "b", .. Access], "b"),
                ([command, "a", "--nope", .. Access], "--nope"),
                ([command, "a", "--state", State, "--api", "nonsense"], "--api"),
                ([command, "a", "--state", State, "--api", "ftp://127.0.0.1/"], "--api"),
                ([command, "a", "--api"], "--api"),
            }),
            .. OfOneRollout.Except(["status"]).Append("unlock").Select(command => ((string[])[command, .. Access], command)),
            (["cancel", "a", "--reason"], "--reason"),
            (["approve", "a", "--stage"], "--stage"),
            (["unlock", "c1", .. Access], "c1"),
            (["unlock", "a//c1", .. Access], "a//c1"),
            (["unlock", "a/b/c/d", .. Access], "a/b/c/d"),
            (["list", "a", .. Access], "a"),
            (["list", "--jsno", .. Access], "--json"),
            (["schema", "a"], "a"),
            (["instal"], "install"),
            (["statsu"], "status"),
            (["nonsense"], "nonsense"),
            (["experimental", "plan"], "experimental"),
            (["package"], "--help"),
            (["package", "check"], "folder"),
            (["package", "biuld", "x"], "build"),
            (["create-mesh"], "create-mesh"),
            (["create-mesh", "Fleet!", "demo-apps/us-central1/c1"], "FLEET_ID"),
            (["create-mesh", "demo-fleet", "a/b"], "a/b"),
            (["create-mesh", "demo-fleet", nested], "nested deeper"),
            (["create-mesh", "demo-fleet", noText], "UTF-8"),
            (["create-mesh", "demo-fleet", "demo-apps/us-central1/c1", "--nope"], "--nope"),
            (["build-offline-package", "--nope"], "--nope"),
            (["build-offline-package", "--output_dri", "x"], "--output_dir"),
            (["build-offline-package", "-D"], "--output_dir"),
            (["build-offline-package", "--mesh_version", "latest"], "--mesh_version"),
            (["build-offline-package", "--platform", "beos"], "--platform"),
            (["package", "build", "x", "--mesh-version", "latest"], "--mesh-version"),
            .. OfFlags.SelectMany(command => new (string[], string)[]
            {
                ([command, "-f", "/no/such/file", .. Access], "--file"),
                ([command, "-f", _folder, .. Access], "--file"),
                ([command, "-f", noText, .. Access], "UTF-8"),
                ([command, "-f", nested, .. Access], "nested deeper"),
                ([command, "-f", nested, "-p", "demo-apps", .. Access], "--project_id"),
                ([command, "--enable_al", .. Cluster, .. Access], "--enable_all"),
                ([command, "word", .. Cluster, .. Access], "word"),
                ([command, .. Access], "--project_id"),
            }),
        ];
        var failures = new List<string>();
        foreach (var (args, told) in all)
        {
            await CheckAsync(args, told, failures);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task Run_WithoutArguments_ShowsTheCommands()
    {
        var (exitCode, output) = await RunAsync([]);

        Assert.Equal(2, exitCode);
        Assert.Contains("create-mesh", output, StringComparison.Ordinal);
        Assert.Contains("rollback", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<(string[] Args, string Told)> Bad(AsmcliFlag flag)
    {
        yield return ([$"{flag.Long}=x"], flag.Long);
        yield return ([$"{flag.Long[..^2]}{flag.Long[^1]}{flag.Long[^2]}z"], flag.Long[..^2]);
        if (flag.Kind is FlagKind.Switch)
        {
            yield break;
        }

        yield return ([flag.Long], flag.Long);
        yield return ([flag.Long, ""], flag.Long);
        yield return ([flag.Long, "--enable_all"], flag.Long);
        if (Wrong.TryGetValue(flag, out var wrong))
        {
            yield return ([flag.Long, wrong.Value], wrong.Told);
        }
    }

    private async Task CheckAsync(string[] args, string told, List<string> failures)
    {
        var (exitCode, output) = await RunAsync(args);
        var what = exitCode != 2 ? $"exit code {exitCode}"
            : !output.Contains(told, StringComparison.Ordinal) ? $"does not tell {told}"
            : output.Contains('\u001b', StringComparison.Ordinal) ? "steers the terminal"
            : _listener.Pending() ? "contacts the API"
            : null;
        if (what is not null)
        {
            failures.Add($"{string.Join(' ', args)[..Math.Min(200, string.Join(' ', args).Length)]}: {what}: {output[..Math.Min(400, output.Length)]}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] args)
    {
        var console = new TestConsole().Width(10_000);
        var errors = new TestConsole().Width(10_000);
        var exitCode = await MeshwfCommand.RunAsync(args, console, errors);
        return (exitCode, $"{console.Output}\n{errors.Output}");
    }
}
