namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>The form in which an answer is wanted.</summary>
/// <param name="As">The form of objects: <c>Table</c>, <c>PartialObjectMetadata</c>, …; empty: as they are.</param>
/// <param name="Version">The version of that form.</param>
internal sealed record Accepted(string As, string Version)
{
    /// <summary>Reads an Accept header: the first form in it that there is.</summary>
    public static Accepted Read(string header)
    {
        foreach (var type in header.Split(','))
        {
            var parts = type.Split(';').Select(part => part.Trim()).ToList();
            if (parts[0] is not ("application/json" or "application/*" or "*/*" or ""))
            {
                continue;
            }

            var parameters = parts.Skip(1).Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2)
                .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[1]);
            return new Accepted(parameters.GetValueOrDefault("as", ""), parameters.GetValueOrDefault("v", "v1"));
        }

        return new Accepted("", "v1");
    }
}
