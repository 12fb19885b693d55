using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>What a firewall rule may be like.</summary>
internal static partial class FirewallForm
{
    private static readonly string[] Ranges = ["sourceRanges", "destinationRanges"];
    private static readonly string[] Protocols = ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"];

    /// <summary>Refuses a rule that can't be.</summary>
    /// <exception cref="GoogleFailure">It can't.</exception>
    public static void Check(JsonObject rule)
    {
        var name = rule["name"]?.GetValue<string>() ?? "";
        if (!Name().IsMatch(name))
        {
            throw Invalid("resource.name", name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
        }

        if (rule["priority"]?.GetValue<int>() is < 0 or > 65535)
        {
            throw Invalid("resource.priority", rule["priority"]?.ToString() ?? "", "Must be between 0 and 65535");
        }

        var (allowed, denied) = (rule["allowed"] as JsonArray, rule["denied"] as JsonArray);
        if ((allowed?.Count > 0) == (denied?.Count > 0))
        {
            throw new GoogleFailure(ComputeErrors.Of(400, "required", "Exactly one of allowed and denied must be specified."));
        }

        foreach (var entry in (allowed ?? denied ?? []).OfType<JsonObject>())
        {
            CheckEntry(entry);
        }

        foreach (var range in Ranges.SelectMany(field => rule[field] as JsonArray ?? []).Select(range => range?.ToString() ?? ""))
        {
            if (!IPNetwork.TryParse(range, out _) && !IPAddress.TryParse(range, out _))
            {
                throw Invalid("resource.sourceRanges[0]", range, "Must be a valid IP address range");
            }
        }
    }

    /// <summary>Whether a rule lets a port of TCP pass.</summary>
    public static bool Allows(JsonObject rule, int port) => (rule["allowed"] as JsonArray ?? []).OfType<JsonObject>().Any(entry =>
        entry["IPProtocol"]?.GetValue<string>() is "all"
        || (entry["IPProtocol"]?.GetValue<string>() is "tcp" or "6"
            && (entry["ports"] is not JsonArray { Count: > 0 } ports || ports.Any(each => Includes(each?.ToString() ?? "", port)))));

    private static void CheckEntry(JsonObject entry)
    {
        var protocol = entry["IPProtocol"]?.GetValue<string>() ?? "";
        if (!Protocols.Contains(protocol) && !byte.TryParse(protocol, CultureInfo.InvariantCulture, out _))
        {
            throw Invalid("resource.allowed[0].IPProtocol", protocol, "Must be a protocol's name or number");
        }

        foreach (var ports in (entry["ports"] as JsonArray ?? []).Select(ports => ports?.ToString() ?? ""))
        {
            if (ports.Split('-') is not { Length: 1 or 2 } ends || ends.Any(end => !ushort.TryParse(end, CultureInfo.InvariantCulture, out _)))
            {
                throw Invalid("resource.allowed[0].ports[0]", ports, "Must be an integer or a range");
            }

            if (protocol is "icmp" or "esp" or "ah" or "ipip")
            {
                throw Invalid("resource.allowed[0].ports[0]", ports, $"Ports may not be specified for protocol {protocol}");
            }
        }
    }

    private static bool Includes(string ports, int port)
    {
        var ends = ports.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToList();
        return ends[0] <= port && port <= ends[^1];
    }

    private static GoogleFailure Invalid(string field, string value, string reason) => new(ComputeErrors.Invalid(field, value, reason));

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?\\z")]
    private static partial Regex Name();
}
