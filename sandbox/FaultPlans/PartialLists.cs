using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Lists over all locations where some did not answer: what is there is missing, and the answer says so.</summary>
internal static class PartialLists
{
    private const string Container = "container";

    /// <summary>Whether lists of an API tell what they miss.</summary>
    public static bool Has(string api) => api is Container or "gkehub" or "privateca";

    public static Answer Shorten(ApiCall call, Answer answer, PartialList partial, double share)
    {
        if (!Has(call.Api) || !call.Resource.Contains("/locations/-/", StringComparison.Ordinal) || answer.Status != 200 || answer.Body?.DeepClone() is not JsonObject body)
        {
            return answer;
        }

        var lists = body.Where(field => field.Value is JsonArray).Select(field => (JsonArray)field.Value!).ToList();
        var there = lists.SelectMany(list => list.OfType<JsonObject>()).Select(LocationOf).Where(location => location.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = partial.Locations.Count > 0 ? partial.Locations : there.Count > 0 ? [there[(int)(share * there.Count)]] : [];
        if (missing.Count == 0)
        {
            return answer;
        }

        lists.ForEach(list => list.RemoveAll(item => item is JsonObject found && missing.Contains(LocationOf(found))));
        var (field, prefix) = call.Api == Container ? ("missingZones", "") : ("unreachable", $"projects/{QuotaBuckets.Segment(call.Resource, "projects")}/locations/");
        body[field] = new JsonArray([.. missing.Select(location => JsonValue.Create($"{prefix}{location}"))]);
        return answer with { Body = body };
    }

    private static string LocationOf(JsonObject found) =>
        found["location"]?.ToString() ?? QuotaBuckets.Segment(found["name"]?.ToString() ?? "", "locations");
}
