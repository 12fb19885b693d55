using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Events;

/// <summary>Makes events, and reads them.</summary>
internal static class EventObjects
{
    // A name may have 253 letters: a dot and sixteen digits are ours.
    private const int LongestSubject = 236;

    /// <summary>The name of what happens to an object; the same again has the same.</summary>
    public static string NameOf(JsonObject about, EventReporter by, Happening happened)
    {
        var told = string.Join('\n', by.Component, by.Host, about.Uid(), happened.Field, happened.IsWarning, happened.Reason, happened.Message);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)).AsSpan(0, 8));
        var subject = about.Name();
        return $"{subject[..Math.Min(subject.Length, LongestSubject)]}.{digest}";
    }

    public static JsonObject Of(ResourceKind kind, JsonObject about, EventReporter by, Happening happened, DateTimeOffset now)
    {
        var time = by.SpeaksSeries ? null : ObjectMeta.Time(now);
        var made = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = NameOf(about, by, happened),
                ["namespace"] = PlaceOf(about),
                ["uid"] = RandomIds.Uuid(),
                ["resourceVersion"] = "",
                ["creationTimestamp"] = ObjectMeta.Time(now),
            },
            ["involvedObject"] = Reference(kind, about, happened.Field),
            ["reason"] = happened.Reason,
            ["message"] = happened.Message,
            ["source"] = Source(by),
            ["firstTimestamp"] = time,
            ["lastTimestamp"] = time,
            ["type"] = happened.IsWarning ? "Warning" : "Normal",
            ["eventTime"] = by.SpeaksSeries ? ObjectMeta.MicroTime(now) : null,
            ["reportingComponent"] = by.Component,
            ["reportingInstance"] = by.SpeaksSeries ? $"{by.Component}-0" : by.Host,
        };
        made[by.SpeaksSeries ? "action" : "count"] = by.SpeaksSeries ? happened.Action : 1;
        return made;
    }

    /// <summary>The same event, once more.</summary>
    public static JsonObject Again(JsonObject told, DateTimeOffset now)
    {
        var again = told.Copy();
        if (again["count"] is not null)
        {
            again["count"] = CountOf(told) + 1;
            again["lastTimestamp"] = ObjectMeta.Time(now);
        }
        else
        {
            again["series"] = new JsonObject { ["count"] = CountOf(told) + 1, ["lastObservedTime"] = ObjectMeta.MicroTime(now) };
        }

        return again;
    }

    /// <summary>The namespace of events about an object: of what lies in none, <c>default</c>.</summary>
    public static string PlaceOf(JsonObject about) => about.Namespace() is { Length: > 0 } ns ? ns : "default";

    /// <summary>How often it happened.</summary>
    public static long CountOf(JsonObject told) => told.Object("series").Number("count") ?? told.Number("count") ?? 1;

    /// <summary>When it happened last.</summary>
    public static DateTimeOffset LastOf(JsonObject told) =>
        new[] { told.Object("series").Text("lastObservedTime"), told.Text("lastTimestamp"), told.Text("eventTime"), told.Object("metadata").Text("creationTimestamp") }
            .Where(time => time.Length > 0)
            .Select(time => DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var parsed) ? parsed : DateTimeOffset.MinValue)
            .FirstOrDefault();

    private static JsonObject Reference(ResourceKind kind, JsonObject about, string field)
    {
        var reference = new JsonObject { ["kind"] = kind.Kind };
        if (about.Namespace() is { Length: > 0 } ns)
        {
            reference["namespace"] = ns;
        }

        reference["name"] = about.Name();
        reference["uid"] = about.Uid();
        reference["apiVersion"] = kind.ApiVersion(kind.Storage);
        reference["resourceVersion"] = about.ResourceVersion();
        if (field.Length > 0)
        {
            reference["fieldPath"] = field;
        }

        return reference;
    }

    private static JsonObject Source(EventReporter by)
    {
        var source = new JsonObject();
        if (!by.SpeaksSeries)
        {
            source["component"] = by.Component;
            if (by.Host.Length > 0)
            {
                source["host"] = by.Host;
            }
        }

        return source;
    }
}
