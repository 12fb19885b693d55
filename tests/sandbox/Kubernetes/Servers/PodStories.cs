using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>What is in a template of pods: volumes, mounts, variables, probes, resources; and what of a workload stays.</summary>
internal static class PodStories
{
    private const string Deployments = "apps/v1:deployments";
    private const string Pod = "spec.template.spec";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "parts of containers that are wrong",
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].resources.requests"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","resources":{"requests":{"luck":"2"}}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].resources.requests[luck]"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","livenessProbe":{"periodSeconds":-1}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].livenessProbe", $"{Pod}.containers[0].livenessProbe.periodSeconds"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","emptyDir":{},"secret":{"secretName":"s"}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.volumes[0].secret"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/a"}]}],"volumes":[{"name":"v","emptyDir":{}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].volumeMounts[1].mountPath"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v"}]}],"volumes":[{"name":"v","emptyDir":{}}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].volumeMounts[0].mountPath"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i"}],"serviceAccountName":"A_B"}""")).Refused(422, "Invalid", $"{Pod}.serviceAccountName"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Never"}""")).Refused(422, "Invalid", $"{Pod}.restartPolicy"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"x","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}"""))
                .Refused(422, "Invalid", $"{Pod}.containers[0].env[0].valueFrom"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i","env":[{"name":"1 A"}]}]}""")).Refused(422, "Invalid", $"{Pod}.containers[0].env[0].name"),
            Post(Deployments, Workload("""{"containers":[{"name":"c","image":"i"}]}""")),
            Apply($"{Deployments}/w?fieldManager=m", """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"w"},"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"C","value":"2"},{"name":"C","value":"3"}]}]}}}}
                """).Gives(500)),
        new(
            "what stays of a stateful set",
            Post("apps/v1:statefulsets", Workload("""{"containers":[{"name":"c","image":"i"}]}""")),
            Merge("apps/v1:statefulsets/w", """{"spec":{"podManagementPolicy":"Parallel"}}""").Refused(422, "Invalid", "spec"),
            Merge("apps/v1:statefulsets/w", """{"spec":{"selector":{"matchLabels":{"a":"z"}},"template":{"metadata":{"labels":{"a":"z"}}}}}""").Refused(422, "Invalid", "spec"),
            Merge("apps/v1:statefulsets/w", """{"spec":{"updateStrategy":{"type":"Odd"}}}""").Refused(422, "Invalid", "spec.updateStrategy"),
            Merge("apps/v1:statefulsets/w", """{"spec":{"replicas":0}}""").Shows("spec|replicas", "0")),
        new(
            "jobs that are wrong",
            Post("batch/v1:jobs", Job("""{"restartPolicy":"Always","containers":[{"name":"c","image":"i"}]}""", "1")).Refused(422, "Invalid", $"{Pod}.restartPolicy"),
            Post("batch/v1:jobs", Job("""{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}""", "-1")).Refused(422, "Invalid", "spec.parallelism"),
            Post("batch/v1:jobs", Job("""{"restartPolicy":"Never","containers":[]}""", "1")).Refused(422, "Invalid", $"{Pod}.containers")),
    ];

    private static string Workload(string pod) =>
        $$$"""{"metadata":{"name":"w"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{{{pod}}} } } }""";

    private static string Job(string pod, string parallelism) => $$$"""{"metadata":{"name":"j"},"spec":{"parallelism":{{{parallelism}}},"template":{"spec":{{{pod}}} } } }""";
}
