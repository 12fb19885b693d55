using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>How something is to be deleted.</summary>
internal sealed record DeleteWish
{
    /// <summary>Only if it is the very one; empty: any.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Only if it is unchanged; empty: any.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>What becomes of what it owns: <c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; empty: what is usual.</summary>
    public string Propagation { get; init; } = "";

    /// <summary>How long it may take; null: what is usual.</summary>
    public long? GraceSeconds { get; init; }

    /// <summary>Whether only to say what would happen.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Reads what comes with a call: the body, or, where there is none, the query.</summary>
    /// <exception cref="KubeFailure">It is no such wish.</exception>
    public static DeleteWish Read(ApiRequest request)
    {
        var options = request.Content.Length > 0 ? Bodies.ReadObject(request) : OfQuery(request);
        return Read(options);
    }

    /// <exception cref="KubeFailure">They are no such options.</exception>
    public static DeleteWish Read(JsonObject options)
    {
        if (options.Kind() is not ("" or "DeleteOptions"))
        {
            throw new KubeFailure(500, "", $"no kind \"{options.Kind()}\" is registered for version \"{options.ApiVersion()}\" in scheme");
        }

        if (Decoding.Of(BuiltinTypes.Find("meta.v1.DeleteOptions"), options).Mistake is { } mistake)
        {
            throw new KubeFailure(500, "", mistake);
        }

        if (Mistakes(options).ToList() is { Count: > 0 } mistakes)
        {
            throw Refusals.InvalidOptions("DeleteOptions", mistakes);
        }

        var preconditions = options.Object("preconditions");
        return new DeleteWish
        {
            Uid = preconditions.Text("uid"),
            ResourceVersion = preconditions.Text("resourceVersion"),
            Propagation = PropagationOf(options),
            GraceSeconds = options.Number("gracePeriodSeconds"),
            IsDryRun = options.Texts("dryRun").Any(),
        };
    }

    /// <exception cref="KubeFailure">It is not the one that is meant.</exception>
    public void Check(ResourceKind kind, JsonObject current)
    {
        if (Uid.Length > 0 && Uid != current.Uid())
        {
            throw Refusals.NotTheOne(
                kind,
                current.Name(),
                $"the UID in the precondition ({Uid}) does not match the UID in record ({current.Uid()}). The object might have been deleted and then recreated");
        }

        if (ResourceVersion.Length > 0 && ResourceVersion != current.ResourceVersion())
        {
            throw Refusals.NotTheOne(
                kind,
                current.Name(),
                $"the ResourceVersion in the precondition ({ResourceVersion}) does not match the ResourceVersion in record ({current.ResourceVersion()}). The object might have been modified");
        }
    }

    private static JsonObject OfQuery(ApiRequest request)
    {
        var options = new JsonObject();
        if (CallOptions.CheckNumber(request.QueryValue("gracePeriodSeconds")) is { } seconds)
        {
            options["gracePeriodSeconds"] = seconds;
        }

        if (request.QueryValue("propagationPolicy") is { } policy)
        {
            options["propagationPolicy"] = policy;
        }

        if (request.QueryValue("orphanDependents") is { } orphans)
        {
            options["orphanDependents"] = orphans is not ("0" or "false");
        }

        if (request.Query["dryRun"] is { Count: > 0 } dry)
        {
            options["dryRun"] = new JsonArray([.. dry.OfType<string>().Select(value => (JsonNode)value)]);
        }

        return options;
    }

    private static IEnumerable<FieldMistake> Mistakes(JsonObject options)
    {
        var policy = options["propagationPolicy"] is null ? null : options.Text("propagationPolicy");
        if (policy is not null && options["orphanDependents"] is not null)
        {
            yield return FieldMistake.Invalid("propagationPolicy", $"\"{policy}\"", "orphanDependents and deletionPropagation cannot be both set");
        }

        if (policy is not (null or "Foreground" or "Background" or "Orphan"))
        {
            yield return new FieldMistake(
                "FieldValueNotSupported",
                "propagationPolicy",
                $"Unsupported value: \"{policy}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        }

        foreach (var mistake in CallOptions.DryRun([.. options.Texts("dryRun")]))
        {
            yield return mistake;
        }
    }

    private static string PropagationOf(JsonObject options) => options.Text("propagationPolicy") switch
    {
        "" when options["orphanDependents"] is not null => options.Flag("orphanDependents") ? "Orphan" : "Background",
        var policy => policy,
    };
}
