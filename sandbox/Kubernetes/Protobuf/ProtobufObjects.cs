using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.Protobuf;

/// <summary>Reads objects that clients send in Kubernetes' binary form, as newer kubectl does.</summary>
internal static class ProtobufObjects
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    private static readonly byte[] Prefix = [(byte)'k', (byte)'8', (byte)'s', 0];

    // Go sends a number that nobody set as 0, except where 0 and unset are told apart: there a 0 is meant.
    private static readonly HashSet<string> MeantZeros = new(StringComparer.Ordinal)
    {
        "replicas", "revisionHistoryLimit", "progressDeadlineSeconds", "terminationGracePeriodSeconds", "minReplicas", "partition", "backoffLimit",
        "completions", "parallelism", "runAsUser", "runAsGroup", "fsGroup", "defaultMode", "mode", "priority", "ttlSecondsAfterFinished",
        "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "activeDeadlineSeconds", "tolerationSeconds", "gracePeriodSeconds", "value",
        "automountServiceAccountToken", "enableServiceLinks", "allowPrivilegeEscalation", "privileged", "readOnlyRootFilesystem", "runAsNonRoot",
        "immutable", "optional", "controller", "blockOwnerDeletion", "suspend", "allocateLoadBalancerNodePorts", "shareProcessNamespace",
        "globalDefault", "hostUsers", "maxUnavailable", "minAvailable", "maxSurge", "orphanDependents",
    };

    // Messages that Go sends whether or not they hold anything.
    private static readonly HashSet<string> AlwaysSent = new(StringComparer.Ordinal)
    {
        "status", "strategy", "updateStrategy", "resources", "metadata", "loadBalancer", "creationTimestamp", "spec",
    };

    /// <summary>The object in a body; null: it isn't in that form.</summary>
    /// <exception cref="FormatException">It can't be read.</exception>
    public static JsonObject? Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Prefix))
        {
            return null;
        }

        var (apiVersion, kind, raw) = ("", "", ReadOnlyMemory<byte>.Empty);
        foreach (var field in ProtobufReader.Read(body[Prefix.Length..]))
        {
            switch (field.Number)
            {
                case 1:
                    var type = ProtobufReader.Read(field.Bytes).ToDictionary(part => part.Number, part => Text(part.Bytes));
                    (apiVersion, kind) = (type.GetValueOrDefault(1, ""), type.GetValueOrDefault(2, ""));
                    break;
                case 2:
                    raw = field.Bytes;
                    break;
            }
        }

        var place = apiVersion.Split('/');
        var schema = BuiltinTypes.Find(kind == "DeleteOptions"
            ? "meta.v1.DeleteOptions"
            : TypeNames.Of(place.Length == 2 ? place[0] : "", place[^1], kind));
        if (schema.Type is not SchemaType.Object)
        {
            throw new FormatException($"no kind \"{kind}\" is registered for version \"{apiVersion}\"");
        }

        var read = Message(schema, raw);
        read["kind"] = kind;
        read["apiVersion"] = apiVersion;
        return read;
    }

    private static JsonObject Message(Schema schema, ReadOnlyMemory<byte> bytes)
    {
        var read = new JsonObject();
        Fill(read, schema, "", bytes);
        return read;
    }

    // Fields of a type may lie in a message of their own, which JSON doesn't show.
    private static void Fill(JsonObject read, Schema schema, string path, ReadOnlyMemory<byte> bytes)
    {
        foreach (var field in ProtobufReader.Read(bytes))
        {
            var place = path.Length == 0 ? $"{field.Number}" : $"{path}.{field.Number}";
            var (name, type) = schema.Fields.FirstOrDefault(pair => pair.Value.Number == place);
            if (name is not null)
            {
                Set(read, name, type, field);
            }
            else if (schema.Fields.Values.Any(inner => inner.Number.StartsWith($"{place}.", StringComparison.Ordinal)))
            {
                Fill(read, schema, place, field.Bytes);
            }
        }
    }

    private static void Set(JsonObject read, string name, Schema type, ProtobufField field)
    {
        switch (type.Type)
        {
            case SchemaType.List:
                if (read[name] is not JsonArray list)
                {
                    read[name] = list = [];
                }

                list.Add(Value(type.Items ?? Schema.Any, field));
                return;
            case SchemaType.Map:
                var entry = ProtobufReader.Read(field.Bytes).ToList();
                read.Need(name)[Text(entry.Find(part => part.Number == 1).Bytes)] = Value(type.Items ?? Schema.Any, entry.Find(part => part.Number == 2));
                return;
        }

        var value = Value(type, field);
        var isNothing = value switch
        {
            null => true,
            JsonObject { Count: 0 } => AlwaysSent.Contains(name),
            JsonObject => false,
            _ => !MeantZeros.Contains(name) && (value.ToString() is "" or "0" or "false"),
        };
        if (!isNothing)
        {
            read[name] = value;
        }
    }

    private static JsonNode? Value(Schema type, ProtobufField field) => type switch
    {
        { Type: SchemaType.Object } => Message(type, field.Bytes),
        { Format: "quantity" } => Text(Part(field, 1).Bytes),
        { Format: "int-or-string" } => Part(field, 1).Value == 0 ? (int)Part(field, 2).Value : Text(Part(field, 3).Bytes),
        { Format: "date-time" } => Time(field),
        { Format: "byte" } => Convert.ToBase64String(field.Bytes.Span),
        { Type: SchemaType.Any } => Raw(Part(field, 1).Bytes),
        { Type: SchemaType.String } => Text(field.Bytes),
        { Type: SchemaType.Boolean } => field.Value != 0,
        { Type: SchemaType.Number } => BitConverter.ToDouble(field.Bytes.Span),
        { Format: "int32" } => (int)field.Value,
        _ => (long)field.Value,
    };

    private static ProtobufField Part(ProtobufField field, int number) => ProtobufReader.Read(field.Bytes).FirstOrDefault(part => part.Number == number);

    private static string? Time(ProtobufField field) =>
        field.Bytes.Length == 0 ? null : ObjectMeta.Time(DateTimeOffset.FromUnixTimeSeconds((long)Part(field, 1).Value));

    private static JsonNode? Raw(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return bytes.Length == 0 ? null : JsonNode.Parse(bytes.Span);
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message);
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
