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
        if (rendered.Difference.Count > 0)
        {
            var more = rendered.Difference.Count - MaxLines;
            yield return new Attachment
            {
                Name = "rendered.diff",
                Title = "What options and overlays make of the rendered control plane.",
                Text = string.Join('\n', [.. rendered.Difference.Take(MaxLines), .. more > 0 ? new[] { $"… and {more} more" } : []]),
            };
        }
    }
}
