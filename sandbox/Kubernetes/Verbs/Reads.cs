using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Gets and lists.</summary>
internal sealed class Reads(ClusterState cluster)
{
    /// <exception cref="KubeFailure">It isn't there.</exception>
    public JsonObject Find(KubeRequest request) =>
        cluster.Store.Find(request.Kind, request.Namespace, request.Name) ?? throw Refusals.NotFound(request.Kind, request.Name);

    public Answer Get(KubeRequest request) => Shown.One(request, Find(request));

    public Answer List(KubeRequest request)
    {
        var wanted = Selection.Read(request);
        var page = Page.Read(request, cluster.Store);
        var found = cluster.Store.ListAt(request.Kind, request.Within, page.Revision).Where(wanted.Fits).ToList();
        var rest = found.SkipWhile(item => !page.IsAfter(item)).ToList();
        var shown = page.Limit is { } limit ? rest[..Math.Min(limit, rest.Count)] : rest;
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (shown.Count < rest.Count)
        {
            metadata["continue"] = page.TokenAfter(shown[^1]);
            if (!wanted.IsNarrow)
            {
                metadata["remainingItemCount"] = rest.Count - shown.Count;
            }
        }

        return Shown.Many(request, shown, metadata);
    }
}
