using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Api;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>Secrets that a rollout uses are looked for in all that it writes: outputs, logs, plans, histories, ledger, files.</summary>
public sealed partial class SecretSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollout_FromPlanToUndo_WritesNoSecretAnywhere()
    {
        await using var product = await ProductUnderTest.StartProcessAsync();
        string[] access = ["--state", product.State.Path];
        var request = Path.Combine(product.State.Path, "request.yaml");
        var kubeconfig = product.Sandbox.Addresses.KubeconfigFile;
        await File.WriteAllTextAsync(
            request,
            Requests.OneCluster().Replace("name: mesh-a }", $"name: mesh-a, kubeconfig: {kubeconfig}, context: gke_demo-apps_us-central1_mesh-a }}", StringComparison.Ordinal),
            Token);
        var secrets = await SecretsAsync(product);
        var written = new List<(string Where, string Text)>();
        string[][] commands =
        [
            ["validate", "-f", request], ["plan", "-f", request, "--operator"], ["plan", "-f", request, "--json"], ["preflight", "-f", request],
            ["install", "-f", request], ["status", "test", "--all"], ["status", "test", "--json"], ["list", "--json"], ["watch", "test", "--json"], ["rollback", "test"],
        ];

        foreach (var command in commands)
        {
            var (console, errors) = (new TestConsole().Width(10_000), new TestConsole().Width(10_000));
            await MeshwfCommand.RunAsync([.. command, .. access], console, errors);
            written.Add((string.Join(' ', command), $"{console.Output}\n{errors.Output}"));
        }

        await product.KillAsync();
        written.Add(("the product's output", product.Output));
        var files = Directory.EnumerateFiles(product.State.Path, "*", SearchOption.AllDirectories).Where(file => file != product.State.TokenFile).ToList();
        written.AddRange(files.SelectMany(file => Texts(File.ReadAllBytes(file)).Select(text => (file, text))));

        Assert.Contains(written, one => one.Where.StartsWith("install", StringComparison.Ordinal) && one.Text.Contains("Succeeded", StringComparison.Ordinal));
        Assert.Contains(written, one => one.Where.StartsWith(product.State.Path, StringComparison.Ordinal) && one.Text.Contains("istio-system", StringComparison.Ordinal));
        var found = written.SelectMany(one => secrets.Where(secret => secret.Value.IsMatch(one.Text)).Select(secret => $"{secret.Name} is in {one.Where}"));
        Assert.Empty(found);
    }

    // The API's own token, the service account's key, what the kubeconfig has, and every token that Google's side may have given out.
    private static async Task<IReadOnlyList<(string Name, Regex Value)>> SecretsAsync(ProductUnderTest product)
    {
        var credentials = JsonNode.Parse(await File.ReadAllTextAsync(product.Sandbox.Addresses.CredentialsFile, Token));
        var account = credentials?["private_key"]?.GetValue<string>().Split('\n')[3] ?? throw new InvalidOperationException("There is no key.");
        var encoded = (await File.ReadAllTextAsync(product.Sandbox.Addresses.KubeconfigFile, Token)).Split("client-key-data: ")[1].Split('\n')[0].Trim();
        var key = Encoding.ASCII.GetString(Convert.FromBase64String(encoded)).Split('\n')[1];
        return
        [
            ("the API's token", Literal(ApiToken.Read(product.State.TokenFile))),
            ("the account's key", Literal(account)),
            ("the kubeconfig's key", Literal(encoded)),
            ("the kubeconfig's key", Literal(key)),
            ("an access token", AccessToken()),
            ("a signed assertion", Assertion()),
            ("a key", PrivateKey()),
        ];
    }

    private static Regex Literal(string text) => new(Regex.Escape(text));

    [GeneratedRegex("sandbox\\.[0-9a-f]{48}")]
    private static partial Regex AccessToken();

    [GeneratedRegex("eyJ[A-Za-z0-9_-]{10,}\\.eyJ")]
    private static partial Regex Assertion();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY")]
    private static partial Regex PrivateKey();

    // A file as it stands, and whatever in it is gzipped.
    private static IEnumerable<string> Texts(byte[] content)
    {
        yield return Encoding.Latin1.GetString(content);
        for (var at = 0; (at = content.AsSpan(at).IndexOf((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]) is >= 0 and var next ? at + next : -1) >= 0; at++)
        {
            yield return Unzipped(content.AsMemory(at));
        }
    }

    private static string Unzipped(ReadOnlyMemory<byte> content)
    {
        var text = new StringBuilder();
        try
        {
            using var zip = new GZipStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
            var buffer = new byte[4096];
            for (int read; (read = zip.Read(buffer)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (InvalidDataException)
        {
            // It ends where the database's page does, or it only looked like one.
        }

        return text.ToString();
    }
}
