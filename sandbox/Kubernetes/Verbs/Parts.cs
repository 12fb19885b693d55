using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Parts of objects that aren't just a view of the object: scales, tokens, logs, evictions, bindings.</summary>
internal sealed class Parts(ClusterState cluster, Reads reads, Deletes deletes)
{
    private const long UsualSeconds = 3_600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;
    private readonly PodLogs _logs = new(cluster, reads);

    public Answer Answer(KubeRequest request) => request.Path.Subresource switch
    {
        "scale" => Scale(request),
        "token" => Token(request),
        "log" => _logs.Read(request),
        "eviction" => Evict(request),
        _ => Bind(request),
    };

    private Answer Scale(KubeRequest request)
    {
        var found = reads.Find(request);
        var scale = Scales.Of(request.Version, found);
        if (request.Verb == "get")
        {
            return new Answer(200, scale);
        }

        var sent = Bodies.Read(request.Http);
        var wanted = request.Http.ContentType switch
        {
            "application/json-patch+json" => JsonPatch.Apply(scale, sent),
            "application/merge-patch+json" or "application/strategic-merge-patch+json" => MergePatch.Apply(scale, sent),
            "application/json" or "application/yaml" when request.Verb == "update" => sent as JsonObject ?? [],
            _ => throw Refusals.WrongType(["application/json-patch+json", "application/merge-patch+json"]),
        };
        var replicas = wanted.Object("spec").Number("replicas") ?? 0;
        if (replicas < 0)
        {
            throw Refusals.Invalid(
                request.Kind, request.Name, [FieldMistake.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
        }

        var changed = Scales.With(request.Version, found, replicas);
        changed.Metadata()["resourceVersion"] = wanted.ResourceVersion() is { Length: > 0 } version ? version : found.ResourceVersion();
        var updated = cluster.Writer.Update(request.Kind, found, changed, request.Facts());
        return new Answer(200, Scales.Of(request.Version, updated));
    }

    private Answer Token(KubeRequest request)
    {
        var account = reads.Find(request);
        var body = request.Body();
        var spec = body.Need("spec");
        var seconds = spec.Number("expirationSeconds") ?? UsualSeconds;
        CheckToken(account.Namespace(), spec, seconds);
        var ends = cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        var audiences = spec.Texts("audiences").ToList();
        var token = cluster.Tokens.Issue(account, audiences, ends);
        return new Answer(201, new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = account.Name(), ["namespace"] = account.Namespace(), ["creationTimestamp"] = ObjectMeta.Time(cluster.Time.GetUtcNow()) },
            ["spec"] = new JsonObject
            {
                ["audiences"] = new JsonArray([.. (audiences.Count == 0 ? [cluster.Tokens.Issuer] : audiences).Select(audience => (JsonNode)audience)]),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = spec["boundObjectRef"]?.DeepClone(),
            },
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = ObjectMeta.Time(ends) },
        });
    }

    private void CheckToken(string ns, JsonObject spec, long seconds)
    {
        if (seconds is < LeastSeconds or > MostSeconds)
        {
            throw Refusals.Invalid(new ResourceKind("authentication.k8s.io", "", "TokenRequest", false) { Versions = [] }, "", [FieldMistake.Invalid(
                "spec.expirationSeconds",
                seconds.ToString(CultureInfo.InvariantCulture),
                seconds < LeastSeconds ? "may not specify a duration less than 10 minutes" : "may not specify a duration larger than 2^32 seconds")]);
        }

        if (spec.Object("boundObjectRef") is not { } bound)
        {
            return;
        }

        var kind = BuiltinKinds.All.FirstOrDefault(known => known.Group.Length == 0 && known.Kind == bound.Text("kind") && known.Kind is "Pod" or "Secret")
            ?? throw Refusals.BadRequest($"cannot bind token for serviceaccount to object of type {bound.ApiVersion()}, Kind={bound.Kind()}");
        var found = cluster.Store.Find(kind, ns, bound.Text("name")) ?? throw Refusals.NotFound(kind, bound.Text("name"));
        if (bound.Text("uid") is { Length: > 0 } uid && uid != found.Uid())
        {
            throw Refusals.Conflict(kind, found.Name(), $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }
    }

    private Answer Evict(KubeRequest request)
    {
        var pod = reads.Find(request);
        var budgets = BuiltinKinds.Find("policy", "poddisruptionbudgets");
        var budget = cluster.Store.List(budgets, pod.Namespace())
            .FirstOrDefault(found => LabelSelector.Of(found.Object("spec").Object("selector"))?.Fits(pod.Labels()) == true);
        if (budget is not null && (budget.Object("status").Number("disruptionsAllowed") ?? 0) <= 0)
        {
            var refusal = Refusals.TooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 10);
            refusal.Details?.Add("causes", new JsonArray(new JsonObject
            {
                ["reason"] = "DisruptionBudget",
                ["message"] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The disruption budget {budget.Name()} needs {budget.Object("status").Number("desiredHealthy") ?? 0} healthy pods and has {budget.Object("status").Number("currentHealthy") ?? 0} currently"),
            }));
            throw refusal;
        }

        deletes.Evict(request, pod);
        return new Answer(201, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 });
    }

    private Answer Bind(KubeRequest request)
    {
        var pod = reads.Find(request);
        if (pod.Object("spec").Text("nodeName") is { Length: > 0 } node)
        {
            throw Refusals.Conflict(BuiltinKinds.Find("", "pods"), pod.Name(), $"pod {pod.Name()} is already assigned to node \"{node}\"");
        }

        var placed = pod.Copy();
        placed.Need("spec")["nodeName"] = request.Body().Object("target").Text("name");
        cluster.Writer.Update(request.Kind, pod, placed, request.Facts() with { Subresource = "binding" });
        return new Answer(201, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 });
    }
}
