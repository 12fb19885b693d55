using System.Text.RegularExpressions;
using MeshWorkflow.Tests.Sandbox.Kubernetes;

namespace MeshWorkflow.Tests.Sandbox.ForeignClients;

/// <summary>What people type: kubectl's exit codes and output must be those that a real API server gives it.</summary>
public sealed class KubectlSweepTests
{
    private const string Node = "gke-c-default-pool-0000";
    private static readonly string NewWeb = Manifests.Web.Replace("nginx:1.25", "nginx:1.26", StringComparison.Ordinal);

    // Each goes on from the one before.
    private static readonly (string Arguments, int Code, string Output, string Input)[] Commands =
    [
        ("version", 0, "Server Version: v1\\.", ""),
        ("cluster-info", 0, "Kubernetes control plane", ""),
        ("api-versions", 0, "(?m)^events.k8s.io/v1$", ""),
        ("api-resources --api-group=events.k8s.io", 0, "events +ev +events.k8s.io/v1 +true +Event", ""),
        ("get --raw /readyz", 0, "^ok$", ""),
        ("auth can-i '*' '*' --all-namespaces", 0, "yes", ""),
        ("get nothing", 1, "error: the server doesn't have a resource type \"nothing\"", ""),
        ("create namespace shop", 0, "^namespace/shop created\n$", ""),
        ("create namespace shop", 1, "Error from server \\(AlreadyExists\\): namespaces \"shop\" already exists", ""),
        ("get namespace nowhere", 1, "Error from server \\(NotFound\\): namespaces \"nowhere\" not found", ""),
        ("get pods -n shop", 0, "No resources found in shop namespace.", ""),
        ("apply -n shop -f -", 0, "^deployment.apps/web created\n$", Manifests.Web),
        ("create -n shop -f -", 1, "Error from server \\(AlreadyExists\\): error when creating \"STDIN\": deployments.apps \"web\" already exists", Manifests.Web),
        ("apply -n shop -f -", 1, "error: error parsing STDIN|error: error converting YAML to JSON|error parsing", "a: [b"),
        ("rollout status deploy/web -n shop --timeout=60s", 0, "deployment \"web\" successfully rolled out", ""),
        ("wait -n shop --for=condition=available deploy/web --timeout=60s", 0, "deployment.apps/web condition met", ""),
        ("wait -n shop --for=jsonpath={.status.readyReplicas}=2 deploy/web --timeout=60s", 0, "condition met", ""),
        ("wait -n shop --for=condition=available deploy/other --timeout=1s", 1, "NotFound", ""),
        ("get all -n shop", 0, "(?s)pod/web-.*deployment.apps/web +2/2 +2 +2.*replicaset.apps/web-", ""),
        ("get pods -n shop -o wide", 0, "NOMINATED NODE +READINESS GATES\nweb-", ""),
        ("get pods -A --chunk-size=1 -o name", 0, "pod/web-.*\npod/web-", ""),
        ("get pods -n shop -o custom-columns=IMAGE:.spec.containers[0].image", 0, "^IMAGE\nnginx:1.25\nnginx:1.25\n$", ""),
        ("get pods -n shop --field-selector=status.phase=Failed", 0, "No resources found in shop namespace.", ""),
        ("get pods -n shop --field-selector=spec.color=red", 1, "Error from server \\(BadRequest\\): .*field label not supported: spec.color", ""),
        ("get deploy web -n shop -o yaml --show-managed-fields", 0, "manager: kubectl-client-side-apply", ""),
        ("describe deploy web -n shop", 0, "(?s)Replicas: +2 desired \\| 2 updated \\| 2 total \\| 2 available.*ScalingReplicaSet", ""),
        ("describe pods -n shop", 0, "(?s)QoS Class: +BestEffort.*Events:.*Scheduled.*Started container web", ""),
        ($"describe node {Node}", 0, "(?s)Allocatable:.*Non-terminated Pods:", ""),
        ("logs deploy/web -n shop --tail=1", 0, "kube-probe|ready to serve", ""),
        ("get events -n shop", 0, "Scaled up replica set web-", ""),
        ("top pods -n shop", 1, "Metrics API not available", ""),
        ("diff -n shop -f -", 0, "^$", Manifests.Web),
        ("diff -n shop -f -", 1, "\\+ +- image: nginx:1.26|\\+ +image: nginx:1.26", NewWeb),
        ("scale deploy web -n shop --current-replicas=9 --replicas=3", 1, "[Ee]xpected replicas to be 9, was 2", ""),
        ("scale deploy web -n shop --replicas=3", 0, "deployment.apps/web scaled", ""),
        ("set image deploy/web -n shop web=nginx:1.27", 0, "deployment.apps/web image updated", ""),
        ("set env deploy/web -n shop COLOR=red", 0, "deployment.apps/web env updated", ""),
        ("rollout pause deploy/web -n shop", 0, "deployment.apps/web paused", ""),
        ("rollout restart deploy/web -n shop", 1, "can't restart paused deployment", ""),
        ("rollout resume deploy/web -n shop", 0, "deployment.apps/web resumed", ""),
        ("rollout undo deploy/web -n shop --to-revision=99", 1, "unable to find specified revision 99 in history", ""),
        ("rollout undo deploy/web -n shop --to-revision=1", 0, "deployment.apps/web rolled back", ""),
        ("label ns shop env=a", 0, "namespace/shop labeled", ""),
        ("label ns shop env=b", 1, "'env' already has a value \\(a\\), and --overwrite is false", ""),
        ("annotate ns shop --overwrite note=x", 0, "namespace/shop annotated", ""),
        ("patch deploy web -n shop -p {\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}}}}", 1, "(?s)The Deployment \"web\" is invalid: .*field is immutable", ""),
        ("expose deploy web -n shop --port=80", 0, "service/web exposed", ""),
        ("get endpointslices -n shop -l kubernetes.io/service-name=web", 0, "web-", ""),
        ("create configmap settings -n shop --from-literal=a=b", 0, "configmap/settings created", ""),
        ("create secret generic keys -n shop --from-literal=a=b", 0, "secret/keys created", ""),
        ("get secret keys -n shop -o jsonpath={.data.a}", 0, "^Yg==$", ""),
        ("create serviceaccount robot -n shop", 0, "serviceaccount/robot created", ""),
        ("create token robot -n shop", 0, "^ey[^.]+\\.[^.]+\\.[^.]+$", ""),
        ("get secrets -n shop --as=system:serviceaccount:shop:robot", 1, "Error from server \\(Forbidden\\): secrets is forbidden: User \"system:serviceaccount:shop:robot\" cannot list resource \"secrets\" in API group \"\" in the namespace \"shop\"", ""),
        ("run one -n shop --image=busybox --restart=Never", 0, "pod/one created", ""),
        ("wait -n shop --for=condition=Ready pod/one --timeout=60s", 0, "pod/one condition met", ""),
        ("delete pod one -n shop --now", 0, "pod \"one\" deleted", ""),
        ("create job once -n shop --image=busybox", 0, "job.batch/once created", ""),
        ("wait -n shop --for=condition=complete job/once --timeout=60s", 0, "job.batch/once condition met", ""),
        ($"taint nodes {Node} a=b:NoSchedule", 0, $"node/{Node} tainted", ""),
        ($"taint nodes {Node} a=b:NoSchedule-", 0, $"node/{Node} untainted", ""),
        ($"drain {Node} --ignore-daemonsets --force --timeout=60s", 0, $"node/{Node} drained", ""),
        ($"uncordon {Node}", 0, $"node/{Node} uncordoned", ""),
        ("delete deploy web -n shop --dry-run=server", 0, "deployment.apps \"web\" deleted \\(server dry run\\)", ""),
        ("delete ns shop --timeout=60s", 0, "namespace \"shop\" deleted", ""),
        ("get ns shop", 1, "Error from server \\(NotFound\\)", ""),
    ];

    [Fact]
    public async Task Commands_AnswerAsAgainstARealServer()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var kubectl = new Kubectl(cluster);
        var wrong = new List<string>();
        foreach (var (arguments, code, output, input) in Commands)
        {
            var (exit, told, error) = await kubectl.TryAsync(arguments, input);
            if (exit != code || !Regex.IsMatch(told + error, output))
            {
                wrong.Add($"kubectl {arguments}\nwanted {code}: {output}\ngot {exit}: {told}{error}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }
}
