using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshWorkflow.Cli.Asmcli;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>What asmcli's flags come to, with files to name.</summary>
internal sealed class Verdict : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshwf-flags-");

    public Verdict()
    {
        Write("overlay.yaml", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig:\n    accessLogFile: /dev/stdout\n");
        Write("key.json", """{ "type": "service_account", "client_email": "mesh@fleet-host.iam.gserviceaccount.com" }""");
        Write("kubeconfig", Kubeconfig("gke_app-one_us-central1_c1"));
        Write("elsewhere", Kubeconfig("on-prem.example.com"));
        Write("no-current", Kubeconfig("gke_app-one_us-central1_c1").Replace("current-context: ctx\n", "", StringComparison.Ordinal));
        foreach (var file in (string[])["ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem"])
        {
            Write(file, "PEM");
        }

        Directory.CreateDirectory(In("out"));
    }

    public string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The mistakes of a command line, each as <c>CODE path</c>; what is not carried out yet is none.</summary>
    /// <param name="line">The command line; <c>{}</c> stands for the folder with the files.</param>
    /// <param name="environment">Variables, as <c>NAME=value</c>.</param>
    public IReadOnlyList<string> Of(string line, params string[] environment)
    {
        var (mistakes, _) = Read(line, environment);
        return [.. mistakes.Where(mistake => !mistake.StartsWith("NOT_SUPPORTED_YET", StringComparison.Ordinal))];
    }

    /// <summary>The request that a command line means.</summary>
    public JsonNode Request(string line, params string[] environment)
    {
        var (_, text) = Read(line, environment);
        return JsonNode.Parse(text)?["spec"] ?? throw new UnreachableException();
    }

    /// <summary>What people are told of a command line.</summary>
    public IReadOnlyList<string> Notes(string line, params string[] environment) => [.. Reading(line, environment).Notes];

    public void Dispose() => _folder.Delete(recursive: true);

    private (IReadOnlyList<string> Mistakes, string Text) Read(string line, string[] environment)
    {
        var read = Reading(line, environment);
        return ([.. read.Mistakes.Select(mistake => $"{mistake.Code} {mistake.Path}")], read.Text);
    }

    private AsmcliReading Reading(string line, string[] environment)
    {
        var words = CommandWords.Of([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Filled)]);
        var variables = environment.Select(Filled).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var purpose = words.Rest[0] switch { "validate" => Purpose.Validate, "print-config" => Purpose.PrintConfig, "plan" => Purpose.Plan, _ => Purpose.Install };
        return AsmcliReading.Of(words.Tokens, variables.GetValueOrDefault, purpose);
    }

    // "" can't be written in a line that is cut at spaces.
    private string Filled(string word) => word == "EMPTY" ? "" : word.Replace("{}", _folder.FullName, StringComparison.Ordinal);

    private void Write(string name, string content) => File.WriteAllText(In(name), content);

    private static string Kubeconfig(string cluster) =>
        $"apiVersion: v1\nkind: Config\ncurrent-context: ctx\ncontexts:\n- name: ctx\n  context: {{ cluster: {cluster}, user: u }}\n- name: other\n  context: {{ cluster: gke_app-two_us-east1_c2, user: u }}\n- name: gateway\n  context: {{ cluster: connectgateway_fleet-host_us-east1_c2, user: u }}\n";
}
