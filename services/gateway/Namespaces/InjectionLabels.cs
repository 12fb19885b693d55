using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Gateway.Namespaces;

/// <summary>
/// Which label makes a namespace's pods run a revision's proxy: the default one where the default tag points at the revision, else
/// the revision's. Never both: then nothing is injected.
/// </summary>
/// <param name="IsDefault">Whether it is the default one.</param>
/// <param name="Revision">The revision.</param>
internal sealed record InjectionLabels(bool IsDefault, string Revision)
{
    public const string Injection = "istio-injection";
    public const string RevisionLabel = "istio.io/rev";
    public const string MeshNamespace = "istio-system";

    private static readonly FieldPath Labels = FieldPath.Root.Field("metadata").Field("labels");

    public static ObjectRef Target(string name) => new("", "namespaces", null, name);

    public static async Task<InjectionLabels> ChooseAsync(
        ObjectClient client, string revision, bool isTagExpected, CancellationToken cancellationToken)
    {
        var tag = await client.FindAsync(
            new ObjectRef("admissionregistration.k8s.io", "mutatingwebhookconfigurations", null, "istio-revision-tag-default"), cancellationToken);
        return new InjectionLabels(tag is null ? isTagExpected : tag.Text("metadata", "labels", RevisionLabel) == revision, revision);
    }

    /// <exception cref="MeshException">It is the control plane's namespace: <c>NAMESPACE_IS_MESH</c>.</exception>
    public static void RefuseMesh(string name)
    {
        if (name == MeshNamespace)
        {
            throw new MeshException(
                "NAMESPACE_IS_MESH",
                $"Gateways and workloads do not belong into {MeshNamespace}: who may change them could change the control plane.",
                "Use a namespace of their own.");
        }
    }

    /// <summary>The label that a new namespace gets.</summary>
    public JsonObject ForNew() => IsDefault ? new JsonObject { [Injection] = "enabled" } : new JsonObject { [RevisionLabel] = Revision };

    /// <summary>What the two labels of a namespace are to be.</summary>
    public IEnumerable<(FieldPath Path, JsonNode? Value)> Wanted() =>
    [
        (Labels.Field(Injection), IsDefault ? "enabled" : null),
        (Labels.Field(RevisionLabel), IsDefault ? null : Revision),
    ];

    public bool AreOn(JsonObject live) => Wanted().All(field => field.Path.Read(live)?.ToString() == field.Value?.ToString());

    public override string ToString() => IsDefault ? $"{Injection}=enabled" : $"{RevisionLabel}={Revision}";
}
