using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.ManagedFields;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Rules;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>Creates, updates and deletes objects, for callers and controllers alike. Objects come in their stored version.</summary>
internal sealed class ObjectWriter(ClusterState cluster)
{
    private readonly NamespaceAdmission _namespaces = new(cluster.Store);
    private readonly Dictionary<ResourceKind, KindRules> _rules = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="wanted">The object; it becomes the store's.</param>
    /// <param name="facts">What goes with the write.</param>
    /// <returns>The object as it is stored.</returns>
    /// <exception cref="KubeFailure">It is refused.</exception>
    public JsonObject Create(ResourceKind kind, JsonObject wanted, WriteFacts facts)
    {
        kind = kind.Stored;
        var metadata = wanted.Metadata();
        ObjectNames.Generate(metadata);
        _namespaces.CheckCreate(kind, wanted.Namespace());
        if (metadata.Text("resourceVersion").Length > 0)
        {
            throw new KubeFailure(500, "", "resourceVersion should not be set on objects to be created");
        }

        foreach (var field in ServerFields.AtCreate)
        {
            metadata.Remove(field);
        }

        metadata["uid"] = RandomIds.Uuid();
        metadata["creationTimestamp"] = ObjectMeta.Time(cluster.Time.GetUtcNow());
        Complete(kind, wanted);
        Admit(kind, wanted, current: null, facts);
        if (!facts.IsApply)
        {
            metadata.Remove("managedFields");
            Tracking.Note(kind, before: null, wanted, facts, cluster.Time.GetUtcNow());
        }

        Rules(kind).PrepareCreate(wanted);
        Check(kind, wanted, current: null, facts);

        if (cluster.Store.Find(kind, wanted.Namespace(), wanted.Name()) is not null)
        {
            throw Refusals.AlreadyExists(kind, wanted.Name());
        }

        return facts.IsDryRun ? ServerFields.Order(wanted) : Put(kind, wanted, "created", facts);
    }

    /// <summary>Replaces an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="current">The object that is there.</param>
    /// <param name="wanted">The object as it shall be; it becomes the store's.</param>
    /// <param name="facts">What goes with the write.</param>
    /// <returns>The object as it is stored.</returns>
    /// <exception cref="KubeFailure">It is refused.</exception>
    public JsonObject Update(ResourceKind kind, JsonObject current, JsonObject wanted, WriteFacts facts)
    {
        kind = kind.Stored;
        CheckVersion(kind, current, wanted, facts);
        ServerFields.Keep(current, wanted);
        Complete(kind, wanted);
        Rules(kind).PrepareUpdate(current, wanted, facts.Subresource);
        CheckFinalizers(kind, current, wanted);
        Admit(kind, wanted, current, facts);
        Check(kind, wanted, current, facts);
        if (IsSame(current, wanted))
        {
            return current;
        }

        if (!facts.IsApply)
        {
            Tracking.Note(kind, current, wanted, facts, cluster.Time.GetUtcNow());
        }

        if (facts.IsDryRun)
        {
            return ServerFields.Order(wanted);
        }

        if (!wanted.IsTerminating() || !IsFree(kind, wanted))
        {
            return Put(kind, wanted, "updated", facts);
        }

        Finish(kind, wanted, facts);
        return ServerFields.Order(wanted);
    }

    /// <summary>Deletes an object, or begins to.</summary>
    /// <returns>The object as it is now, and whether it is gone.</returns>
    /// <exception cref="KubeFailure">It is refused.</exception>
    public (JsonObject Last, bool IsGone) Delete(ResourceKind kind, JsonObject current, DeleteWish wish, WriteFacts facts)
    {
        kind = kind.Stored;
        wish.Check(kind, current);
        var wanted = current.Copy();
        Rules(kind).PrepareDelete(wanted, wish, cluster.Time.GetUtcNow());
        if (facts.IsDryRun)
        {
            return (wanted, IsFree(kind, wanted));
        }

        if (IsFree(kind, wanted))
        {
            return (Finish(kind, current, facts), true);
        }

        return JsonNode.DeepEquals(current, wanted) ? (current, false) : (Put(kind, wanted, "updated", facts), false);
    }

    // Nothing holds the object: no finalizer and no grace period.
    private static bool IsFree(ResourceKind kind, JsonObject wanted) =>
        wanted.Finalizers().Count == 0
        && (wanted.Object("metadata").Number("deletionGracePeriodSeconds") ?? 0) == 0
        && (kind.GroupResource != "namespaces" || !wanted.Object("spec").Texts("finalizers").Any());

    // Since when somebody owns a field says nothing new by itself.
    private static bool IsSame(JsonObject current, JsonObject wanted)
    {
        if (JsonNode.DeepEquals(current, wanted))
        {
            return true;
        }

        return JsonNode.DeepEquals(Timeless(current), Timeless(wanted));
    }

    private static JsonObject Timeless(JsonObject node)
    {
        var copy = ServerFields.Order(node.Copy());
        foreach (var entry in copy.Metadata().Objects("managedFields"))
        {
            entry.Remove("time");
        }

        return copy;
    }

    private void Complete(ResourceKind kind, JsonObject wanted)
    {
        Defaults.Apply(kind.Storage.Schema, wanted);
        Rules(kind).Complete(wanted);
    }

    private void Admit(ResourceKind kind, JsonObject wanted, JsonObject? current, WriteFacts facts)
    {
        if (facts.Subresource is "" or "scale" or "ephemeralcontainers")
        {
            var request = new AdmissionRequest(kind, wanted, current, facts);
            foreach (var admission in cluster.Admissions)
            {
                admission.Admit(request);
            }

            Complete(kind, wanted);
        }
    }

    private void Check(ResourceKind kind, JsonObject wanted, JsonObject? current, WriteFacts facts)
    {
        var mistakes = MetadataChecks.Mistakes(kind, wanted).Concat(facts.Subresource is "status" or "finalize" or "binding" ? [] : Rules(kind).Mistakes(wanted, current)).ToList();
        if (mistakes.Count > 0)
        {
            throw Refusals.Invalid(kind, wanted.Name(), mistakes);
        }
    }

    private KindRules Rules(ResourceKind kind)
    {
        if (!_rules.TryGetValue(kind, out var rules))
        {
            _rules[kind] = rules = KindRules.Of(kind, cluster);
        }

        return rules;
    }

    private static void CheckVersion(ResourceKind kind, JsonObject current, JsonObject wanted, WriteFacts facts)
    {
        var version = wanted.ResourceVersion();
        if (version.Length == 0 && !kind.MayUpdateUnconditionally)
        {
            throw Refusals.Invalid(kind with { Kind = kind.Plural }, wanted.Name(), [FieldMistake.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]);
        }

        if (version.Length > 0 && version != current.ResourceVersion())
        {
            throw Refusals.Modified(kind, wanted.Name());
        }

        if (!facts.IsPatch && wanted.Uid() is { Length: > 0 } uid && uid != current.Uid())
        {
            throw Refusals.Conflict(
                kind, wanted.Name(), $"StorageError: invalid object, Code: 4, Key: /registry/{kind.Plural}/{current.Namespace()}/{current.Name()}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid()}");
        }

        if (MetadataChecks.Changes(current, wanted).ToList() is { Count: > 0 } changes)
        {
            throw Refusals.Invalid(kind, wanted.Name(), changes);
        }
    }

    private static void CheckFinalizers(ResourceKind kind, JsonObject current, JsonObject wanted)
    {
        if (!current.IsTerminating())
        {
            return;
        }

        var added = wanted.Finalizers().Except(current.Finalizers()).ToList();
        if (added.Count > 0)
        {
            var names = string.Join(", ", added.Select(name => $"\"{name}\""));
            throw Refusals.Invalid(kind, wanted.Name(), [FieldMistake.Forbidden(
                "metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{names}}}")]);
        }
    }

    private JsonObject Put(ResourceKind kind, JsonObject wanted, string effect, WriteFacts facts)
    {
        facts.Effects.Add($"{effect} {cluster.FullName(kind, wanted)}");
        return cluster.Store.Put(kind, ServerFields.Order(wanted));
    }

    private JsonObject Finish(ResourceKind kind, JsonObject wanted, WriteFacts facts)
    {
        facts.Effects.Add($"deleted {cluster.FullName(kind, wanted)}");
        return cluster.Store.Remove(kind, wanted.Namespace(), wanted.Name()) ?? wanted;
    }
}
