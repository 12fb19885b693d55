using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>
/// What istiod makes by itself: its root certificate in every namespace, the secret of a root of its own where it was given none, and
/// the locks of its leader election. They are planned, and taken away after istiod is gone; what was there before, and what another control plane uses, stays.
/// </summary>
internal static class ByProducts
{
    private const string Field = "madeBy";
    private const string Before = "namespaces";
    private const string Everywhere = "*";
    private const string RootCertificate = "istio-ca-root-cert";
    private const string OwnRoot = "istio-ca-secret";
    private const string OwnRootType = "istio.io/ca-root";
    private const string LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

    private static readonly ObjectType ConfigMaps = new("v1", "ConfigMap", "configmaps");
    private static readonly ObjectType Secrets = new("v1", "Secret", "secrets");
    private static readonly ObjectType Leases = new("coordination.k8s.io/v1", "Lease", "leases");

    private static readonly string[] Locks =
    [
        "istio-leader", "istio-namespace-controller-election", "istio-serviceexport-controller-election", "istio-status-leader",
        "istio-analyze-leader", "istio-gateway-status-leader", "istio-gateway-deployment", "istio-node-untaint",
    ];

    public static bool Is(Change change) => change.Fields.Any(field => field.Path == Field);

    public static async Task<IReadOnlyList<Change>> PlanAsync(
        ObjectPlace place, string inNamespace, string revision, CancellationToken cancellationToken)
    {
        var certificates = await CertificatesAsync(place.Client, cancellationToken);
        var maps = await place.Client.ListAsync(ConfigMaps, inNamespace, "", cancellationToken);
        var leases = await place.Client.ListAsync(Leases, inNamespace, "", cancellationToken);
        var change = Made(place, new ObjectRef("", ConfigMaps.Plural, Everywhere, RootCertificate), revision);
        var before = certificates.Select(one => one.Text("metadata", "namespace")).OfType<string>().ToList();
        if (before.Count > 0)
        {
            change.Fields.Add(new FieldChange
            {
                Path = Before,
                Before = Value.ForList([.. before.Order(StringComparer.Ordinal).Select(Value.ForString)]),
                After = Value.ForString("all"),
            });
        }

        var ownRoot = new ObjectRef("", Secrets.Plural, inNamespace, OwnRoot);
        var hasOwnRoot = await place.Client.FindAsync(ownRoot, cancellationToken) is not null;
        return
        [
            change,
            .. hasOwnRoot ? [] : (Change[])[Made(place, ownRoot, revision)],
            .. Names(revision).Where(name => !maps.Any(map => map.NameOf() == name))
                .Select(name => Made(place, new ObjectRef("", ConfigMaps.Plural, inNamespace, name), revision)),
            .. Names(revision).Where(name => !leases.Any(lease => lease.NameOf() == name))
                .Select(name => Made(place, new ObjectRef(Leases.Group, Leases.Plural, inNamespace, name), revision)),
        ];
    }

    /// <summary>Takes away what istiod left.</summary>
    /// <returns>The UIDs of what was taken away now.</returns>
    public static async Task<IReadOnlyList<string>> TakeAwayAsync(
        ObjectPlace place, IEnumerable<Change> changes, WriteFacts facts, CancellationToken cancellationToken)
    {
        var gone = new List<string>();
        foreach (var change in changes)
        {
            foreach (var (type, found) in await FindAsync(place.Client, change, cancellationToken))
            {
                await facts.Gate.EnterAsync(cancellationToken);
                await place.Client.DeleteAsync(type, found, cancellationToken);
                gone.Add(found.Text("metadata", "uid") ?? "");
            }
        }

        return gone;
    }

    private static async Task<IEnumerable<(ObjectType Type, JsonObject Found)>> FindAsync(
        ObjectClient client, Change change, CancellationToken cancellationToken)
    {
        var target = ObjectRef.Parse(change.Resource);
        if (target.Namespace == Everywhere)
        {
            var before = change.Fields.FirstOrDefault(field => field.Path == Before)?.Before?.ListValue.Values
                .Select(value => value.StringValue).ToHashSet() ?? [];
            return (await CertificatesAsync(client, cancellationToken))
                .Where(found => !before.Contains(found.Text("metadata", "namespace") ?? "") && !found.IsTerminating())
                .Select(found => (ConfigMaps, found));
        }

        var one = await client.FindAsync(target, cancellationToken);
        return one is null ? [] : target.Plural switch
        {
            "secrets" => one.Text("type") == OwnRootType ? [(Secrets, one)] : [],
            "leases" => [(Leases, one)],
            _ => one.Text("metadata", "annotations", LeaderAnnotation) is not null ? [(ConfigMaps, one)] : [],
        };
    }

    private static Task<IReadOnlyList<JsonObject>> CertificatesAsync(ObjectClient client, CancellationToken cancellationToken) =>
        client.ListAsync(ConfigMaps, inNamespace: null, $"fieldSelector=metadata.name%3D{RootCertificate}", cancellationToken);

    private static IEnumerable<string> Names(string revision) => [.. Locks, .. Locks.Select(name => $"{name}-{revision}")];

    private static Change Made(ObjectPlace place, ObjectRef target, string revision) => new()
    {
        Resource = place.NameOf(target),
        Action = ChangeAction.Create,
        Undo = Undo.Exact,
        Fields = { Plans.Field(Field, before: null, $"istiod of {revision}") },
    };
}
