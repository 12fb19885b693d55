using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Events;

/// <summary>
/// Tells what happens to objects, as events: the same again is counted, what is an hour old goes, and so do the oldest when there are
/// too many, or a thousand clusters would not fit into memory.
/// </summary>
internal sealed class EventRecorder
{
    /// <summary>How many events a cluster keeps.</summary>
    public const int MostKept = 250;

    // As clients of Kubernetes do: 25 times at once, then every five minutes.
    private const int Burst = 25;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);
    private static readonly ResourceKind Kind = BuiltinKinds.Find("", "events");
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");
    private readonly ClusterState _cluster;
    private bool _isTrimming;
    private bool _isExpiring;

    public EventRecorder(ClusterState cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += OnChange;
        cluster.Restored += () =>
        {
            (_isTrimming, _isExpiring) = (false, false);
            Watch();
        };
    }

    /// <summary>Tells of something. Where the namespace is about to go there is nobody to tell.</summary>
    /// <param name="by">Who tells.</param>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="about">The object.</param>
    /// <param name="happened">What happened to it.</param>
    public void Tell(EventReporter by, ResourceKind kind, JsonObject about, Happening happened)
    {
        var ns = EventObjects.PlaceOf(about);
        if (_cluster.Store.Find(Namespaces, "", ns) is not { } place || place.IsTerminating())
        {
            return;
        }

        var now = _cluster.Time.GetUtcNow();
        var told = _cluster.Store.Find(Kind, ns, EventObjects.NameOf(about, by, happened));
        if (told is null)
        {
            _cluster.Store.Put(Kind, EventObjects.Of(kind, about, by, happened, now));
        }
        else if (EventObjects.CountOf(told) < Burst || now - EventObjects.LastOf(told) >= Refill)
        {
            _cluster.Store.Put(Kind, EventObjects.Again(told, now));
        }
    }

    private void OnChange(StoreChange change)
    {
        if (change.After is not null && change.Kind.GroupResource == Kind.GroupResource)
        {
            Watch();
        }
    }

    private void Watch()
    {
        var events = _cluster.Store.Count(Kind);
        if (!_isTrimming && events > MostKept)
        {
            _isTrimming = true;
            _cluster.Scheduler.After(TimeSpan.Zero, Trim);
        }

        if (!_isExpiring && events > 0)
        {
            _isExpiring = true;
            _cluster.Scheduler.After(Kept, Expire);
        }
    }

    private void Trim()
    {
        _isTrimming = false;
        foreach (var told in Oldest().Take(_cluster.Store.Count(Kind) - MostKept).ToList())
        {
            _cluster.Store.Remove(Kind, told.Namespace(), told.Name());
        }
    }

    private void Expire()
    {
        _isExpiring = false;
        var limit = _cluster.Time.GetUtcNow() - Kept;
        foreach (var told in Oldest().TakeWhile(told => EventObjects.LastOf(told) <= limit).ToList())
        {
            _cluster.Store.Remove(Kind, told.Namespace(), told.Name());
        }

        if (Oldest().FirstOrDefault() is { } next)
        {
            _isExpiring = true;
            _cluster.Scheduler.After(EventObjects.LastOf(next) - limit, Expire);
        }
    }

    private IEnumerable<JsonObject> Oldest() => _cluster.Store.List(Kind).OrderBy(EventObjects.LastOf);
}
