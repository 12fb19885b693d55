using System.CommandLine;
using System.IO.Pipes;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Tests.Product.Rollouts;
using Microsoft.Win32.SafeHandles;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Files that the command line, or a request, names: a named pipe would never end; what the shell opens for the command is read.</summary>
public sealed class NamedFileTests : IDisposable
{
    private const string Overlay = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {accessLogFile: /dev/piped}}\n";
    private const string Triple = "-p app-one -n c1 -l us-central1";
    private const string Ca = "--ca citadel --ca_cert {}/ca-cert.pem --ca_key {}/pipe --root_cert {}/root-cert.pem --cert_chain {}/cert-chain.pem";

    private readonly Verdict _verdict = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("install --kubeconfig {}/pipe", "FILE_NOT_REGULAR --kubeconfig")]
    [InlineData($"install {Triple} --custom_overlay {{}}/pipe", "FILE_NOT_REGULAR --custom_overlay")]
    [InlineData($"install {Triple} -s mesh@fleet-host.iam.gserviceaccount.com -k {{}}/pipe", "FILE_NOT_REGULAR --key_file")]
    [InlineData($"install {Triple} {Ca}", "FILE_NOT_REGULAR --ca_key")]
    public async Task Flag_NamedPipe_IsAMistakeAtOnce(string line, string mistake)
    {
        NamedPipe.At(_verdict.In("pipe"));

        Assert.Contains(mistake, await AtOnceAsync(() => _verdict.Of(line)));
    }

    [Fact]
    public async Task CreateMesh_NamedPipe_IsAMistakeAtOnce()
    {
        var pipe = NamedPipe.At(_verdict.In("pipe"));

        var mesh = await AtOnceAsync(() => MeshMembers.Of(["fleet-host", pipe]));

        Assert.Contains(mesh.Mistakes, mistake => mistake.Message.Contains("is no kubeconfig: it is a named pipe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_OverlayThatIsANamedPipe_IsAMistakeWithItsPath()
    {
        NamedPipe.At(_verdict.In("pipe"));
        var file = _verdict.In("request.yaml");
        await File.WriteAllTextAsync(file, Fleets.Request(1, "  overlays: [overlay.yaml, pipe]"), Token);

        var (wanted, told) = await AtOnceAsync(() => Read(file));

        Assert.Null(wanted);
        Assert.Contains("FILE_NOT_REGULAR", told, StringComparison.Ordinal);
        Assert.Contains("spec.overlays[1]", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certs_RootThatIsANamedPipe_IsAMistakeAtOnce()
    {
        NamedPipe.At(_verdict.In("root-key.pem"));
        using var console = new TestConsole();
        using var errors = new TestConsole();

        var code = await AtOnceAsync(() => CertsCommand.Make(console, errors).Parse(["intermediate", "c1", "--folder", _verdict.In("")]).Invoke());

        Assert.Equal(2, code);
        Assert.Contains("FILE_NOT_REGULAR", errors.Output, StringComparison.Ordinal);
    }

    // As the shell's <(…): a pipe that is open already, by its number.
    [Fact]
    public async Task Flag_OverlayFromThePipeOfTheShell_IsRead()
    {
        using var end = Piped(Overlay, out var path);

        var request = await AtOnceAsync(() => _verdict.Request($"install {Triple} --custom_overlay {path}"));

        Assert.Contains("/dev/piped", request["overlays"]?[0]?["content"]?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_FromThePipeOfTheShell_IsRead()
    {
        using var end = Piped(Fleets.Request(1, ""), out var path);

        var (wanted, told) = await AtOnceAsync(() => Read(path));

        Assert.Empty(told);
        Assert.NotNull(wanted);
    }

    // Whoever names a named pipe as the request itself waits for its writer, as with any command of a shell.
    [Fact]
    public async Task Request_FromANamedPipeWithAWriter_IsRead()
    {
        var path = NamedPipe.At(_verdict.In("pipe"));
        var writing = Task.Run(() => File.WriteAllText(path, Fleets.Request(1, "")), Token);

        var (wanted, told) = await AtOnceAsync(() => Read(path));

        await writing;
        Assert.Empty(told);
        Assert.NotNull(wanted);
    }

    public void Dispose() => _verdict.Dispose();

    private static Task<T> AtOnceAsync<T>(Func<T> work) => Task.Run(work, Token).WaitAsync(NamedPipe.AtOnce, TimeProvider.System, Token);

    private static (WantedRequest? Wanted, string Told) Read(string file)
    {
        var source = new RequestSource([]);
        var command = new Command("any");
        source.AddTo(command);
        var errors = new TestConsole().Width(300);
        return (source.Read(command.Parse(["--file", file]), Purpose.Plan, errors), errors.Output);
    }

    private static SafePipeHandle Piped(string text, out string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/self/fd is Linux's.");
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        using var writer = new StreamWriter(pipe);
        writer.Write(text);
        return pipe.ClientSafePipeHandle;
    }
}
