using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using MeshWorkflow.Cli.Demo;
using MeshWorkflow.Tests.Product.Docs;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Tests.Product.Schema;

/// <summary>The published schema says of requests what reading them does.</summary>
public sealed partial class SchemaTests
{
    private const string Sample = """
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: { name: all-fields }
        spec:
          fleet: { project: my-fleet }
          identity: { member: "serviceAccount:mesh@my-fleet.iam.gserviceaccount.com", keyFile: /keys/mesh.json }
          mesh: { version: 1.23.3-asm.2+config1, revision: asm-1233-2 }
          certificateAuthority: { type: mesh_ca, acceptDowntime: false }
          package: { release: "https://example.test/r.tar.gz", releaseSha256: "0123456789012345678901234567890123456789012345678901234567890123" }
          options: [stackdriver]
          overlays: [{ name: a.yaml, content: "{ apiVersion: install.istio.io/v1alpha1, kind: IstioOperator }" }]
          enable: { all: true, apis: false }
          firewall: { manage: false }
          canonicalService: true
          clusters:
            - { project: my-apps, location: us-central1, name: c1 }
            - { member: projects/my-fleet/locations/us-central1/memberships/c3, httpsProxy: "http://proxy.internal:3128" }
            - { platform: gcp, project: "example.com:my-apps", location: us-central1-a, name: c2 }
          gateways: [{ namespace: istio-ingress, kind: ingress, manifests: [{ name: g.yaml, content: "kind: Service" }] }]
          injection: { namespaces: [shop, cart], restart: true }
          rollout:
            preflight: stop
            onFailure: hold
            stages:
              - { name: canary, select: { names: [c1] }, soak: 1h30m, approval: required, failureBudget: 5% }
              - { name: labelled, select: { labels: { env: prod } }, maxConcurrent: 20, failureBudget: 2 }
              - { name: rest }
          undo: { disableApis: true, giveUpAfter: 2h, maxConcurrent: 5 }
          control: { pollEvery: 500ms }
        """;

    private static readonly JsonSchema Published = JsonSchema.FromText(RequestSchema.Make().ToJsonString());

    /// <summary>From a part of the sample to what is wrong in its place.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "apiVersion: meshworkflow.dev/v1", "apiVersion: meshworkflow.dev/v2" },
        { "kind: FleetInstall", "kind: FleetUninstall" },
        { "kind: FleetInstall\n", "" },
        { "name: all-fields", "name: All-fields" },
        { "name: all-fields", "name: a-name-of-more-than-twenty" },
        { "fleet: { project: my-fleet }", "fleet: { project: my-fleet, more: 1 }" },
        { "fleet: { project: my-fleet }", "fleet: {}" },
        { "fleet: { project: my-fleet }", "fleet: my-fleet" },
        { "\"serviceAccount:mesh@my-fleet.iam.gserviceaccount.com\"", "allUsers" },
        { "version: 1.23.3-asm.2+config1", "version: 1.23" },
        { "revision: asm-1233-2", "revision: Asm" },
        { "type: mesh_ca", "type: managed_cas" },
        { "type: mesh_ca, ", "" },
        { "0123\" }", "012X\" }" },
        { "[stackdriver]", "[stackdriver, 7]" },
        { "[stackdriver]", "[stackdriver, stackdriver]" },
        { "[stackdriver]", "stackdriver" },
        { "content: \"{ apiVersion", "text: \"{ apiVersion" },
        { "all: true", "all: yes please" },
        { "canonicalService: true", "canonicalService: \"true\"" },
        { "location: us-central1, name: c1", "location: nowhere, name: c1" },
        { "location: us-central1, name: c1", "name: c1" },
        { "platform: gcp", "platform: aws" },
        { "memberships/c3", "memberships/c_3" },
        { "namespace: istio-ingress", "namespace: Istio" },
        { "soak: 1h30m", "soak: 90" },
        { "soak: 1h30m", "soak: soon" },
        { "approval: required", "approval: wanted" },
        { "failureBudget: 5%", "failureBudget: 101%" },
        { "failureBudget: 2", "failureBudget: -1" },
        { "maxConcurrent: 20", "maxConcurrent: 101" },
        { "maxConcurrent: 20", "maxConcurrent: many" },
        { "env: prod", "env: 7" },
        { "onFailure: hold", "onFailure: panic" },
        { "canonicalService: true", "surprise: true" },
    };

    [Fact]
    public void Schema_Samples_AreValid()
    {
        string[] samples = [Sample, DemoStory.Request, .. YamlOf("rollouts.md")];
        Assert.True(samples.Length > 2, "The page has no request any more.");
        foreach (var sample in samples)
        {
            Assert.True(RequestParser.TryParse(sample, out _, out var mistakes), string.Join("\n", mistakes));
            var found = Evaluate(sample);
            Assert.True(found.IsValid, JsonSerializer.Serialize(found));
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Schema_Mistake_IsNoneOfItsRequests(string right, string wrong)
    {
        Assert.Contains(right, Sample.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var request = Sample.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal);

        Assert.False(RequestParser.TryParse(request, out _, out _));
        Assert.False(Evaluate(request).IsValid, request);
    }

    [Fact]
    public async Task Command_Schema_WritesWhatIsPublished()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["schema"]);

        Assert.Equal(0, exitCode);
        Assert.True(JsonNode.DeepEquals(RequestSchema.Make(), JsonNode.Parse(output)));
    }

    private static EvaluationResults Evaluate(string yaml)
    {
        using var document = JsonDocument.Parse((RequestText.Read(yaml, []) ?? throw new InvalidOperationException("No YAML.")).ToJsonString());
        return Published.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static IEnumerable<string> YamlOf(string page) => YamlBlock()
        .Matches(File.ReadAllText(Path.Combine(Pages.Root, "docs", page)))
        .Select(match => match.Groups["text"].Value)
        .Where(text => text.Contains("kind: FleetInstall", StringComparison.Ordinal));

    [GeneratedRegex("^```yaml\\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
