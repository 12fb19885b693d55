using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>The form in which an answer is wanted.</summary>
/// <param name="As">The form of objects: <c>Table</c>, <c>PartialObjectMetadata</c>, …; empty: as they are.</param>
/// <param name="Version">The version of that form.</param>
/// <param name="IsYaml">Whether YAML is wanted; JSON is YAML too.</param>
internal sealed record Accepted(string As, string Version, bool IsYaml = false)
{
    private static readonly string[] Offered = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
    private static readonly string[] Forms = ["", "Table", "PartialObjectMetadata", "PartialObjectMetadataList"];

    /// <summary>What the body is called; null: JSON.</summary>
    public string? ContentType => IsYaml ? "application/yaml" : null;

    /// <summary>Reads an Accept header: the first form in it that there is.</summary>
    /// <exception cref="KubeFailure">There is none of them.</exception>
    public static Accepted Read(string header)
    {
        var isKnown = false;
        foreach (var type in header.Split(','))
        {
            var parts = type.Split(';').Select(part => part.Trim()).ToList();
            if (parts[0] is not ("application/json" or "application/yaml" or "application/*" or "*/*" or ""))
            {
                continue;
            }

            isKnown = true;
            var parameters = parts.Skip(1).Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2)
                .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[1]);
            var form = parameters.GetValueOrDefault("as", "");
            if (Forms.Contains(form))
            {
                return new Accepted(form, parameters.GetValueOrDefault("v", "v1"), parts[0] == "application/yaml");
            }
        }

        throw isKnown ? Refusals.NotAcceptable(Offered) : new KubeFailure(406, "NotAcceptable", "406: Not Acceptable", new JsonObject());
    }
}
