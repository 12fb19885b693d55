using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Applies: who applies owns what it names, and what it doesn't name any more goes unless somebody else owns it.</summary>
internal static class ServerSideApply
{
    // Owns what was there before anybody applied, where nobody kept account.
    private const string FirstManager = "before-first-apply";

    /// <summary>The object as it shall be.</summary>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="live">The object that is there; null: none.</param>
    /// <param name="applied">What is applied, in the stored version.</param>
    /// <param name="manager">Who applies; its fields are found here.</param>
    /// <param name="isForced">Whether to take what others own.</param>
    /// <exception cref="KubeFailure">Others own what would be changed.</exception>
    public static JsonObject Apply(ResourceKind kind, JsonObject? live, JsonObject applied, Manager manager, bool isForced)
    {
        var schema = kind.Storage.Schema;
        var current = live ?? new JsonObject();
        FieldKeys.CheckOnce(schema, applied, "");
        var wanted = Owned(kind, FieldWalk.Of(schema, applied), manager.Subresource);
        var managers = Managers.Of(current);
        if (live is not null && managers.All.Count == 0)
        {
            managers.Set(new Manager(FirstManager, IsApply: false, manager.ApiVersion, "", Owned(kind, FieldWalk.Of(schema, live), ""), manager.Time));
        }

        var merged = FieldMerge.Merge(schema, current, Without(applied)) as JsonObject ?? [];
        var others = managers.All.Where(found => !found.IsSame(manager))
            .Aggregate(new FieldSet(), (all, found) => all.Union(found.Fields));
        var gone = (managers.Find(manager) ?? new FieldSet()).Without(wanted).Without(others);
        FieldMerge.Remove(schema, merged, gone, others.Union(wanted));
        var (changed, removed) = FieldWalk.Compare(schema, current, merged);
        var conflicts = managers.All.Where(found => !found.IsSame(manager))
            .SelectMany(found => found.Fields.Intersect(changed).Intersect(wanted).Paths().Select(path => (found, path))).ToList();
        if (conflicts.Count > 0 && !isForced)
        {
            throw Conflict(conflicts);
        }

        managers.Take(changed.Intersect(wanted), manager);
        managers.Take(removed, except: null);
        managers.Set(manager with { Fields = wanted });
        managers.WriteTo(merged);
        return merged;
    }

    private static JsonObject Without(JsonObject applied)
    {
        var clean = applied.Copy();
        foreach (var field in new[] { "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation" })
        {
            clean.Metadata().Remove(field);
        }

        return clean;
    }

    // The object's own path leaves the status alone, and the status' path all the rest.
    private static FieldSet Owned(ResourceKind kind, FieldSet wanted, string subresource)
    {
        if (kind.Storage.HasStatus && subresource.Length == 0)
        {
            wanted.Remove("f:status");
        }
        else if (subresource == "status")
        {
            wanted.Children.Select(child => child.Key).Where(key => key != "f:status").ToList().ForEach(key => wanted.Remove(key));
        }

        return wanted;
    }

    private static KubeFailure Conflict(IReadOnlyList<(Manager Manager, string Path)> conflicts)
    {
        var causes = conflicts.Select(conflict => new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {conflict.Manager.Text()}",
            ["field"] = conflict.Path,
        });
        return new KubeFailure(409, "Conflict", Message(conflicts), new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    private static string Message(IReadOnlyList<(Manager Manager, string Path)> conflicts)
    {
        if (conflicts is [var (manager, path)])
        {
            return $"Apply failed with 1 conflict: conflict with {manager.Text()}: {path}";
        }

        var parts = conflicts.GroupBy(conflict => conflict.Manager.Text(), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"conflicts with {group.Key}:\n{string.Join("\n", group.Select(conflict => $"- {conflict.Path}"))}");
        return $"Apply failed with {conflicts.Count} conflicts: {string.Join("\n", parts)}";
    }
}
