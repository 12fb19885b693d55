using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Answers who asks what somebody may do, or whose a token is. Nothing is stored.</summary>
internal sealed class Reviews(Authorizer authorizer, Authenticator authenticator)
{
    /// <summary>The tokens of Google's; known once the first call has come.</summary>
    public Tokens? Tokens { get; set; }

    public Answer Answer(KubeRequest request)
    {
        var body = request.Body();
        Check(request, body);
        body["kind"] = request.Kind.Kind;
        body["apiVersion"] = request.Kind.ApiVersion(request.Version);
        body.Metadata()["creationTimestamp"] = null;
        body["status"] = request.Kind.Plural switch
        {
            "selfsubjectaccessreviews" => Access(request.Caller, body.Object("spec")),
            "subjectaccessreviews" or "localsubjectaccessreviews" => Access(Named(body.Object("spec")), body.Object("spec")),
            "selfsubjectrulesreviews" => Rules(request.Caller, body.Object("spec").Text("namespace")),
            "selfsubjectreviews" => new JsonObject { ["userInfo"] = Show(request.Caller) },
            _ => Token(request.Http, body.Object("spec").Text("token")),
        };
        return new Answer(201, body);
    }

    private static void Check(KubeRequest request, JsonObject body)
    {
        var spec = body.Object("spec");
        switch (request.Kind.Plural)
        {
            case "selfsubjectrulesreviews" when spec.Text("namespace").Length == 0:
                throw Refusals.BadRequest("no namespace on request");
            case "tokenreviews" when spec.Text("token").Length == 0:
                throw Refusals.BadRequest("token is required for TokenReview in authentication");
        }

        if (request.Kind.Plural.EndsWith("accessreviews", StringComparison.Ordinal) && Mistakes(request, spec).ToList() is { Count: > 0 } mistakes)
        {
            throw Refusals.Invalid(new ResourceKind(request.Kind.Group, "", "", false) { Versions = [] }, "", mistakes);
        }
    }

    private static IEnumerable<FieldMistake> Mistakes(KubeRequest request, JsonObject? spec)
    {
        var (resource, path) = (spec?["resourceAttributes"] is not null, spec?["nonResourceAttributes"] is not null);
        if (resource && path)
        {
            yield return FieldMistake.Invalid("spec.nonResourceAttributes", "{}", "cannot be specified in combination with resourceAttributes");
        }
        else if (!resource && !path)
        {
            yield return FieldMistake.Invalid("spec.resourceAttributes", "\"null\"", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        if (request.Kind.IsNamespaced && spec.Object("resourceAttributes").Text("namespace") is var ns && ns != request.Namespace)
        {
            yield return FieldMistake.Invalid("spec.resourceAttributes.namespace", $"\"{ns}\"", "must match metadata.namespace");
        }

        if (!request.Kind.Plural.StartsWith("self", StringComparison.Ordinal) && spec.Text("user").Length == 0 && !spec.Texts("groups").Any())
        {
            yield return FieldMistake.Invalid("spec.user", "\"\"", "at least one of user or group must be specified");
        }
    }

    private static Caller Named(JsonObject? spec) => spec.Text("user").Contains('@', StringComparison.Ordinal)
        ? Authenticator.OfGoogle(spec.Text("user").EndsWith("gserviceaccount.com", StringComparison.Ordinal)
            ? $"serviceAccount:{spec.Text("user")}"
            : $"user:{spec.Text("user")}")
        : new Caller(spec.Text("user"), [.. spec.Texts("groups")]);

    private JsonObject Access(Caller caller, JsonObject? spec)
    {
        var isAllowed = authorizer.Allows(caller, AccessWish.Of(spec));
        return new JsonObject { ["allowed"] = isAllowed };
    }

    private JsonObject Rules(Caller caller, string ns)
    {
        var rules = authorizer.Rbac.RulesOf(caller, ns).ToList();
        if (caller.Groups.Contains("system:masters") || authorizer.Allows(caller, new AccessWish("*", "*", "*")))
        {
            rules.Add(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") });
        }

        rules.Add(new JsonObject
        {
            ["verbs"] = new JsonArray("create"),
            ["apiGroups"] = new JsonArray("authorization.k8s.io"),
            ["resources"] = new JsonArray("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
        });
        rules.Add(new JsonObject
        {
            ["verbs"] = new JsonArray("get"),
            ["nonResourceURLs"] = new JsonArray("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version"),
        });
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(rule => rule.Texts("resources").Any()).Select(rule => rule.DeepClone())]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(rule => rule.Texts("nonResourceURLs").Any()).Select(rule => rule.DeepClone())]),
            ["incomplete"] = false,
        };
    }

    private JsonObject Token(ApiRequest http, string token) => Tokens is { } tokens
        && authenticator.CallerOf(http with { Bearer = token }, tokens) is { } caller
            ? new JsonObject { ["authenticated"] = true, ["user"] = Show(caller) }
            : new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token, unknown]" };

    private static JsonObject Show(Caller caller)
    {
        var user = new JsonObject { ["username"] = caller.Name };
        if (caller.Uid.Length > 0)
        {
            user["uid"] = caller.Uid;
        }

        user["groups"] = new JsonArray([.. caller.Groups.Select(group => (JsonNode)group)]);
        return user;
    }
}
