using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
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
        if (before is not null && managers.All.Count == 0 && !IsCleared(after))
        {
            managers = Managers.Of(before);
        }

        if (before is not null && managers.All.Count == 0)
        {
            // Whose account was cleared has none until somebody applies.
            managers.WriteTo(after);
            return;
        }

        var version = facts.Version ?? kind.Storage;
        if (Differences(kind, before ?? [], after) is not { } differences)
        {
            managers.WriteTo(after);
            return;
        }

        var (changed, removed) = differences;
        if (kind.Storage.HasStatus && facts.Subresource.Length == 0)
        {
            // The status is written on a path of its own.
            changed.Remove("f:status");
        }

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

    // What has no keys is refused for that, if it is, not for want of an account.
    private static (FieldSet Changed, FieldSet Removed)? Differences(ResourceKind kind, JsonObject before, JsonObject after)
    {
        try
        {
            return FieldWalk.Compare(kind.Storage.Schema, before, after);
        }
        catch (KubeFailure)
        {
            return null;
        }
    }

    // No entry, or one without anything in it, asks for that.
    private static bool IsCleared(JsonObject after) => after.Metadata()["managedFields"] is JsonArray { Count: < 2 } entries
        && entries.All(entry => entry is JsonObject { Count: 0 });
}
