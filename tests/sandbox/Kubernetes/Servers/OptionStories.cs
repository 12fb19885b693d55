using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>What may stand in a query or a header.</summary>
internal static class OptionStories
{
    private const string Map = """{"metadata":{"name":"a"},"data":{"x":"1"}}""";
    private const string Applied = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}""";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "dry runs write nothing",
            Post("configmaps?dryRun=Some", Map).Refused(422, "Invalid", "dryRun"),
            Post("configmaps?dryRun=All", Map).Shows("data|x", "1"),
            Apply("configmaps/a?fieldManager=m&dryRun=All", Applied).Gives(201),
            Get("configmaps/a").Refused(404, "NotFound"),
            Post("configmaps", Map),
            Merge("configmaps/a?dryRun=All", """{"data":{"x":"2"}}""").Shows("data|x", "2"),
            Merge("configmaps/a?dryRun=Never", """{"data":{"x":"2"}}""").Refused(422, "Invalid", "dryRun"),
            Put("configmaps/a?dryRun=Never", Map).Refused(422, "Invalid", "dryRun"),
            Delete("configmaps/a?dryRun=All").Shows("status", "Success"),
            Delete("configmaps/a", """{"dryRun":["All"]}""").Shows("status", "Success"),
            Delete("configmaps/a", """{"dryRun":["Some"]}""").Refused(422, "Invalid", "dryRun"),
            Delete("configmaps?dryRun=All"),
            Get("configmaps/a").Shows("data|x", "1")),
        new(
            "options of patches",
            Post("configmaps", Map),
            Merge("configmaps/a?force=true", """{"data":{"x":"2"}}""").Refused(422, "Invalid", "force"),
            Apply("configmaps/a", Applied).Refused(422, "Invalid", "fieldManager"),
            Apply($"configmaps/b?fieldManager={new string('m', 129)}", Applied).Refused(422, "Invalid", "fieldManager"),
            Post($"configmaps?fieldManager={new string('m', 129)}", Map).Refused(422, "Invalid", "fieldManager"),
            Post("configmaps?fieldValidation=Loose", """{"metadata":{"name":"v"}}""").Refused(422, "Invalid", "fieldValidation").From(25),
            Get("configmaps/a").Shows("data|x", "1")),
        new(
            "options of deletions",
            Post("configmaps", Map),
            Delete("configmaps/a?propagationPolicy=Sideways").Refused(422, "Invalid", "propagationPolicy"),
            Delete("configmaps/a", """{"orphanDependents":true,"propagationPolicy":"Orphan"}""").Refused(422, "Invalid", "propagationPolicy"),
            Delete("configmaps/a", """{"kind":"Pod","apiVersion":"v1"}""").Gives(500),
            Delete("configmaps/a", """{"gracePeriodSeconds":"soon"}""").Gives(500),
            Delete("configmaps/a?gracePeriodSeconds=soon").Refused(400, "BadRequest"),
            Delete("configmaps/a", """{"preconditions":{"uid":"abc"}}""").Refused(409, "Conflict").Shows("details|kind", "ConfigMap"),
            Delete("configmaps/a", """{"preconditions":{"resourceVersion":"1"}}""").Refused(409, "Conflict").Shows("details|kind", "ConfigMap"),
            Get("configmaps/a").Shows("data|x", "1"),
            Delete("configmaps/a").Shows("status", "Success").Shows("details|name", "a"),
            Delete("configmaps/a").Refused(404, "NotFound")),
        new(
            "options of lists",
            Get("configmaps?limit=many").Refused(400, "BadRequest"),
            Get("configmaps?continue=abc").Refused(400, "BadRequest"),
            Get("configmaps?labelSelector=a%20b%20c").Refused(400, "BadRequest"),
            Get("configmaps?fieldSelector=data.x%3D1").Refused(400, "BadRequest"),
            Get("pods?fieldSelector=spec.color%3Dred").Refused(400, "BadRequest"),
            Get("configmaps?resourceVersionMatch=Exact").Refused(422, "Invalid", "resourceVersionMatch"),
            Get("configmaps?resourceVersion=0&resourceVersionMatch=Exact").Refused(422, "Invalid", "resourceVersionMatch"),
            Get("configmaps?watch=true&timeoutSeconds=soon").Refused(400, "BadRequest"),
            Get("configmaps?resourceVersion=abc").Refused(400, "BadRequest").From(22),
            Delete("configmaps?labelSelector=a%20b").Refused(400, "BadRequest")),
        new(
            "what comes and goes",
            Post("configmaps", Map),
            Get("configmaps/a").Accepting("text/csv").Refused(406, "NotAcceptable"),
            Get("configmaps/a").Accepting("application/json;as=Poem;v=v1;g=meta.k8s.io").Refused(406, "NotAcceptable"),
            Get("configmaps/a").Accepting("text/csv, application/json").Shows("data|x", "1"),
            Post("configmaps", Map).Of("text/csv").Refused(415, "UnsupportedMediaType"),
            Merge("configmaps/a", "{}").Of("application/json").Refused(415, "UnsupportedMediaType"),
            Get("/apis/none.example.com/v1/things").Gives(404),
            Get("poems").Refused(404, "NotFound"),
            Post("configmaps/a", Map).Refused(405, "MethodNotAllowed")),
    ];
}
