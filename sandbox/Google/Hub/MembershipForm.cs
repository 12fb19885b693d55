using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>What a membership may be like.</summary>
internal static partial class MembershipForm
{
    /// <summary>The fields that an update may name.</summary>
    public static readonly string[] Updatable = ["labels", "authority", "externalId", "description", "infrastructureType", "monitoringConfig", "endpoint", "clusterTier"];

    // What the server writes; what a client sends of it is not kept.
    private static readonly string[] Outputs =
        ["name", "state", "createTime", "updateTime", "deleteTime", "lastConnectionTime", "uniqueId", "membershipType"];

    /// <exception cref="GoogleFailure">The id is none, or the location.</exception>
    public static void CheckName(string? id, string location)
    {
        if (id is null || !Id().IsMatch(id))
        {
            throw new GoogleFailure(GoogleErrors.Invalid(
                "membership_id", "InvalidValueError for field membership_id: must be 1 to 63 lower-case letters, digits and hyphens."));
        }

        if (location != "global" && !Region().IsMatch(location))
        {
            throw new GoogleFailure(GoogleErrors.Invalid("parent", $"Location '{location}' is not supported: it must be 'global' or a region."));
        }
    }

    /// <summary>What is kept of a sent membership.</summary>
    public static JsonObject Kept(JsonObject sent)
    {
        var kept = (JsonObject)sent.DeepClone();
        foreach (var output in Outputs)
        {
            kept.Remove(output);
        }

        if (kept["authority"] is JsonObject authority)
        {
            authority.Remove("workloadIdentityPool");
            authority.Remove("identityProvider");
            if (authority.Count == 0)
            {
                kept.Remove("authority");
            }
        }

        (kept["endpoint"] as JsonObject)?.Remove("kubernetesMetadata");
        return kept;
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\z")]
    private static partial Regex Id();

    [GeneratedRegex("^[a-z]+-[a-z]+[0-9]+\\z")]
    private static partial Regex Region();
}
