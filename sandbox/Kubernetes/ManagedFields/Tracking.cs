using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Keeps account of who set which field by writes that don't apply.</summary>
internal static class Tracking
{
    /// <summary>Gives what a write changed to who made it.</summary>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="before">The object before; null: there was none.</param>
    /// <param name="after">The object after; its account is brought up to date.</param>
    /// <param name="facts">What goes with the write.</param>
    /// <param name="now">The time.</param>
    public static void Note(ResourceKind kind, JsonObject? before, JsonObject after, WriteFacts facts, DateTimeOffset now)
    {
        var managers = Managers.Of(after);
        var version = facts.Version ?? kind.Storage;
        var (changed, removed) = FieldWalk.Compare(kind.Storage.Schema, before ?? [], after);
        var manager = new Manager(
            facts.Manager.Length > 0 ? facts.Manager : "unknown",
            IsApply: false,
            kind.ApiVersion(version),
            facts.Subresource is "status" or "scale" ? facts.Subresource : "",
            new FieldSet(),
            ObjectMeta.Time(now));
        managers.Take(changed, manager);
        managers.Take(removed, except: null);
        if (!changed.IsEmpty)
        {
            managers.Set(manager with { Fields = (managers.Find(manager) ?? new FieldSet()).Union(changed) });
        }

        managers.WriteTo(after);
    }
}
