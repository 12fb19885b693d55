using System.Globalization;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>How a watch begins, and when it ends.</summary>
/// <param name="Revision">After which change.</param>
/// <param name="ShowsAll">Whether it first tells of all that is there.</param>
/// <param name="Time">For how long it is; null: for as long as the caller listens.</param>
/// <param name="Bookmarks">Whether the caller wants to know up to where it has seen everything.</param>
internal sealed record WatchStart(long Revision, bool ShowsAll, TimeSpan? Time, bool Bookmarks)
{
    /// <exception cref="KubeFailure">The query is wrong.</exception>
    public static WatchStart Read(KubeRequest request, ObjectStore store)
    {
        var versions = ListVersions.Read(request);
        if (versions.Revision > store.Revision)
        {
            throw Refusals.TooLargeVersion(versions.Revision, store.Revision);
        }

        var seconds = int.TryParse(request.Http.QueryValue("timeoutSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number)
            : (TimeSpan?)null;
        return new WatchStart(
            versions.Revision == 0 ? store.Revision : versions.Revision,
            versions.Version is "" or "0" || request.Wants("sendInitialEvents"),
            seconds,
            request.Wants("allowWatchBookmarks"));
    }
}
