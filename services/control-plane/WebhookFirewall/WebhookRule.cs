using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.GoogleCloud.Compute;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.ControlPlane.WebhookFirewall;

/// <summary>Our rule, as fields of a plan and as Compute Engine wants it.</summary>
internal static class WebhookRule
{
    /// <summary>istiod's webhooks.</summary>
    public const int WebhookPort = 15017;

    private const string Tcp = "tcp";

    /// <summary>istiod's webhooks, its monitoring and its debugging: what the API server calls, itself or for istioctl.</summary>
    public static IReadOnlyList<int> Ports { get; } = [8080, 15014, WebhookPort];

    public static Change Creating(ClusterNetwork network, FirewallReach reach, CallFacts call) => new()
    {
        Resource = network.RuleResource,
        Action = ChangeAction.Create,
        Undo = Undo.Exact,
        Fields =
        {
            Plans.Field("network", before: null, network.Network),
            Plans.Field("direction", before: null, "INGRESS"),
            Plans.Field("priority", before: null, Value.ForNumber(1000)),
            Plans.Field("sourceRanges", before: null, Values.Of(reach.Sources.Order(StringComparer.Ordinal))),
            Plans.Field("targetTags", before: null, Values.Of(reach.Tags.Order(StringComparer.Ordinal))),
            Plans.Field("allowed", before: null, Values.Of(Ports.Select(Show))),
            Plans.Field("description", before: null, $"{Mark(call)} lets the API server of {network.Cluster.Name} reach istiod."),
        },
    };

    public static Firewall Wanted(Change change) => new()
    {
        Name = change.Resource.Split('/')[^1],
        Network = Text(change, "network"),
        Direction = Text(change, "direction"),
        Priority = (int)(Field(change, "priority")?.NumberValue ?? 0),
        SourceRanges = Values.Texts(Field(change, "sourceRanges")),
        TargetTags = Values.Texts(Field(change, "targetTags")),
        Allowed =
        [
            new FirewallTraffic { Protocol = Tcp, Ports = [.. Values.Texts(Field(change, "allowed")).Select(port => port[(Tcp.Length + 1)..])] },
        ],
        Description = Text(change, "description"),
    };

    /// <summary>Whether a rule is of this run: its description says so.</summary>
    public static bool IsOf(Firewall rule, CallFacts call) => rule.Description?.StartsWith(Mark(call), StringComparison.Ordinal) is true;

    public static bool IsAsPlanned(Change change, Firewall rule) =>
        change.Fields.All(field => Undoing.Compare(field, Read(rule, field.Path)) is FieldState.After);

    public static IEnumerable<Residue> Foreign(Change change, Firewall rule) => change.Fields
        .Where(field => Undoing.Compare(field, Read(rule, field.Path)) is not FieldState.After)
        .Select(field => Undoing.Foreign(change.Resource, field, Read(rule, field.Path)));

    private static Value? Read(Firewall rule, string path) => path switch
    {
        // Stored as an address, whatever was sent.
        "network" => Values.Of(rule.Network is { } network && network.IndexOf("projects/", StringComparison.Ordinal) is var start and >= 0
            ? network[start..]
            : rule.Network),
        "direction" => Values.Of(rule.Direction),
        "priority" => Value.ForNumber(rule.Priority ?? 1000),
        "sourceRanges" => Values.Of((rule.SourceRanges ?? []).Order(StringComparer.Ordinal)),
        "targetTags" => Values.Of((rule.TargetTags ?? []).Order(StringComparer.Ordinal)),
        "allowed" => Values.Of(Allowed(rule)),
        "description" => Values.Of(rule.Description),
        _ => throw new InvalidOperationException($"This step has no field '{path}'."),
    };

    // In the order of their numbers: Google may answer ports in another order than they were sent.
    private static IEnumerable<string> Allowed(Firewall rule) => (rule.Allowed ?? [])
        .SelectMany(kind => kind.Ports is { Count: > 0 } ports ? ports.Select(port => $"{kind.Protocol}:{port}") : [kind.Protocol])
        .OrderBy(text => text.Length)
        .ThenBy(text => text, StringComparer.Ordinal);

    private static string Mark(CallFacts call) => $"MeshWorkflow rollout {call.Run}:";

    private static string Show(int port) => string.Create(CultureInfo.InvariantCulture, $"{Tcp}:{port}");

    private static Value? Field(Change change, string path) => change.Fields.FirstOrDefault(field => field.Path == path)?.After;

    private static string? Text(Change change, string path) => Field(change, path)?.StringValue;
}
