using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>What people can read of a control plane before it is there: the effective operator, and what options make of it.</summary>
internal static class PlanTexts
{
    // A plan is to stay readable; whole manifests are in its changes.
    private const int MaxOperator = 64 * 1024;
    private const int MaxLines = 400;

    public static IEnumerable<Attachment> Of(RenderedControlPlane rendered)
    {
        yield return new Attachment
        {
            Name = "operator.yaml",
            Title = "The effective operator: everything laid over it, in order.",
            Text = rendered.Operator.Length <= MaxOperator ? rendered.Operator : $"{rendered.Operator[..MaxOperator]}\n# cut here\n",
        };
        foreach (var (name, title, lines) in new[]
        {
            ("operator.diff", "What options and overlays set in the operator, in their order; = is so already.", rendered.Layers),
            ("rendered.diff", "What options and overlays make of the rendered control plane.", rendered.Difference),
        })
        {
            if (lines.Count > 0)
            {
                var more = lines.Count - MaxLines;
                yield return new Attachment { Name = name, Title = title, Text = string.Join('\n', [.. lines.Take(MaxLines), .. more > 0 ? new[] { $"… and {more} more" } : []]) };
            }
        }
    }
}
