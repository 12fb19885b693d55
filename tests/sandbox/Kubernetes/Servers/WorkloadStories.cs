using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>Deployments and Services: what makes them invalid, and how they are patched.</summary>
internal static class WorkloadStories
{
    private const string Deployments = "apps/v1:deployments";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "deployments that are wrong",
            Post(Deployments, Deployment("\"replicas\":-1")).Refused(422, "Invalid", "spec.replicas"),
            Post(Deployments, Deployment("\"minReadySeconds\":-1")).Refused(422, "Invalid", "spec.minReadySeconds"),
            Post(Deployments, Deployment("\"minReadySeconds\":600")).Refused(422, "Invalid", "spec.progressDeadlineSeconds"),
            Post(Deployments, Deployment("\"strategy\":{\"type\":\"Slow\"}")).Refused(422, "Invalid", "spec.strategy"),
            Post(Deployments, Deployment("\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":{\"maxSurge\":1}}")).Refused(422, "Invalid", "spec.strategy.rollingUpdate"),
            Post(Deployments, Deployment("\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":0}}"))
                .Refused(422, "Invalid", "spec.strategy.rollingUpdate.maxUnavailable"),
            Post(Deployments, Deployment("\"replicas\":\"many\"")).Refused(400, "BadRequest"),
            Post(Deployments, """{"metadata":{"name":"d"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")
                .Refused(422, "Invalid", "spec.selector", "spec.template.metadata.labels"),
            Post(Deployments, """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{}}}}""")
                .Refused(422, "Invalid", "spec.template.spec.containers"),
            Post(Deployments, Deployment("\"selector\":{\"matchLabels\":{\"a\":\"c\"}}")).Refused(422, "Invalid", "spec.template.metadata.labels"),
            Get($"{Deployments}/d").Refused(404, "NotFound")),
        new(
            "containers that are wrong",
            Post(Deployments, Containers("""{"name":"C","image":"i"}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].name"),
            Post(Deployments, Containers("""{"name":"c"}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].image"),
            Post(Deployments, Containers("""{"image":"i"}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].name"),
            Post(Deployments, Containers("""{"name":"c","image":"i"},{"name":"c","image":"i"}""")).Refused(422, "Invalid", "spec.template.spec.containers[1].name"),
            Post(Deployments, Containers("""{"name":"c","image":"i","imagePullPolicy":"Sometimes"}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].imagePullPolicy"),
            Post(Deployments, Containers("""{"name":"c","image":"i","ports":[{"containerPort":0}]}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].ports[0].containerPort"),
            Post(Deployments, Containers("""{"name":"c","image":"i","env":[{"value":"x"}]}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].env[0].name"),
            Post(Deployments, Containers("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v"}]}""")).Refused(422, "Invalid", "spec.template.spec.containers[0].volumeMounts[0].name"),
            Post(Deployments, Containers("""{"name":"c","image":"i","resources":{"requests":{"cpu":"much"}}}""")).Refused(400, "BadRequest")),
        new(
            "patches by the keys of lists",
            Post(Deployments, Deployment("\"replicas\":0")).Shows("spec|strategy|rollingUpdate|maxSurge", "25%"),
            Merge($"{Deployments}/d", """{"spec":{"selector":{"matchLabels":{"a":"z"}},"template":{"metadata":{"labels":{"a":"z"}}}}}""").Refused(422, "Invalid", "spec.selector"),
            Strategic($"{Deployments}/d", """{"spec":{"template":{"spec":{"containers":[{"name":"e","image":"j"},{"name":"c","env":[{"name":"E","value":"1"}]}]}}}}""")
                .Shows("spec|template|spec|containers|0|name", "e").Shows("spec|template|spec|containers|1|image", "i"),
            Strategic($"{Deployments}/d", """{"spec":{"template":{"spec":{"containers":[{"name":"e","$patch":"delete"}]}}}}""")
                .Shows("spec|template|spec|containers|1", null).Shows("spec|template|spec|containers|0|env|0|value", "1"),
            Strategic($"{Deployments}/d", """{"spec":{"template":{"spec":{"tolerations":[{"key":"t"}],"$setElementOrder/containers":[{"name":"c"}]}}}}""")
                .Shows("spec|template|spec|tolerations|0|key", "t"),
            Strategic($"{Deployments}/d", """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""").Shows("spec|strategy|rollingUpdate", null),
            Get($"{Deployments}/d").Shows("spec|strategy|type", "Recreate")),
        new(
            "services that are wrong",
            Post("services", Service("""{}""")).Refused(422, "Invalid", "spec.ports"),
            Post("services", Service("""{"ports":[{"port":80},{"port":81}]}""")).Refused(422, "Invalid", "spec.ports[0].name", "spec.ports[1].name"),
            Post("services", Service("""{"ports":[{"port":0}]}""")).Refused(422, "Invalid", "spec.ports[0].port", "spec.ports[0].targetPort"),
            Post("services", Service("""{"ports":[{"port":80,"protocol":"HTTP"}]}""")).Refused(422, "Invalid", "spec.ports[0].protocol"),
            Post("services", Service("""{"ports":[{"port":80,"targetPort":"a_b"}]}""")).Refused(422, "Invalid", "spec.ports[0].targetPort"),
            Post("services", Service("""{"ports":[{"name":"a","port":80},{"name":"b","port":80}]}""")).Refused(422, "Invalid", "spec.ports[1]"),
            Post("services", Service("""{"type":"Odd","ports":[{"port":80}]}""")).Refused(422, "Invalid", "spec.type"),
            Post("services", Service("""{"type":"ExternalName"}""")).Refused(422, "Invalid", "spec.externalName"),
            Post("services", Service("""{"sessionAffinity":"Odd","ports":[{"port":80}]}""")).Refused(422, "Invalid", "spec.sessionAffinity"),
            Post("services", """{"metadata":{"name":"1s"},"spec":{"ports":[{"port":80}]}}""").Refused(422, "Invalid", "metadata.name"),
            Post("services", Service("""{"ports":[{"port":80}]}""")).Shows("spec|ports|0|targetPort", "80").Shows("spec|type", "ClusterIP"),
            Merge("services/s", """{"spec":{"clusterIP":"10.0.0.77"}}""").Refused(422, "Invalid", "spec.clusterIPs[0]"),
            Merge("services/s", """{"spec":{"type":"Odd"}}""").Refused(422, "Invalid", "spec.type")),
    ];

    private static string Deployment(string field) =>
        $$$"""{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},{{{field}}} }}""";

    private static string Containers(string containers) =>
        $$$"""{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{{{containers}}}] } } } }""";

    private static string Service(string spec) => $$"""{"metadata":{"name":"s"},"spec":{{spec}} }""";
}
