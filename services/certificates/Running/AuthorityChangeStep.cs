using MeshWorkflow.GoogleCloud;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Certificates.Running;

/// <summary>
/// Stands before a control plane with another authority than the one that runs: proxies of the one and of the other don't trust each
/// other until all of them are restarted. It has no change of its own; it refuses, unless the request accepts the downtime, or migrates from
/// an Istio CA that has spread Mesh CA's root before: then both trust each other all the while.
/// </summary>
internal sealed class AuthorityChangeStep(GkeConnections connections) : Step<AuthorityChangeSpec>
{
    private const string Docs = "https://cloud.google.com/service-mesh/docs/migrate-ca";

    private const string Migration =
        "migrate without downtime (first another revision with citadel and the option ca-migration-citadel and a restart of all workloads, "
        + "then this one with the option ca-migration-meshca), ";

    public override string Name => "authority-change";

    protected override async Task<Plan> PlanAsync(AuthorityChangeSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var target = new ClusterTarget(new ClusterName(spec.Cluster.Project, spec.Cluster.Location, spec.Cluster.Name), spec.Cluster.Access);
        var client = new ObjectClient(await connections.ConnectAsync(target, cancellationToken));
        var others = (await RunningAuthorities.ReadAsync(client, spec.Namespace, cancellationToken)).Where(running => !IsWanted(running, spec)).ToList();
        if (others.Count == 0)
        {
            return Plans.Nothing();
        }

        if (spec.Migrates && await CanMigrateAsync(client, others, cancellationToken))
        {
            return Plans.Nothing().With(
                "CA_MIGRATES",
                $"All workloads of {spec.Cluster.Name} trust Mesh CA's root beside that of {others[0].Name}, and the new control plane trusts both: "
                    + "restart them at your own pace, and leave the option ca-migration-meshca out once the old control planes are gone.",
                Docs);
        }

        var message = $"{string.Join(" ", others.Select(running => $"The control plane {running.Revision} of {spec.Cluster.Name} has its certificates from {running.Name}."))} "
            + $"The request wants {Wanted(spec)}: workloads with certificates of the one refuse those of the other until all are restarted, which is downtime.";
        return spec.AcceptDowntime
            ? Plans.Nothing().With("CA_CHANGES", $"{message} The request accepts that.", Docs)
            : throw new MeshException(
                "CA_CHANGE",
                message,
                $"Keep the authority, {(spec.Authority is Authority.MeshCa && others.All(running => running.Authority is Authority.IstioCa) ? Migration : "")}"
                    + "or accept the downtime: --accept_downtime (spec.certificateAuthority.acceptDowntime).");
    }

    protected override Task<Outcome> ApplyAsync(AuthorityChangeSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult(Outcomes.Done());

    protected override Task<Outcome> VerifyAsync(AuthorityChangeSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult(Outcomes.Done());

    protected override Task<Outcome> RevertAsync(AuthorityChangeSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult(Outcomes.Done());

    // What an Istio CA's secret has is compared where the secret is planned: another one there is refused in any case.
    private static bool IsWanted(RunningAuthority running, AuthorityChangeSpec spec) =>
        running.Authority == spec.Authority
        && !running.IsSelfMade
        && (spec.Authority is not Authority.CaService || running.Pool == RunningAuthorities.PoolOf(spec.Pool));

    // Workloads that trust Istio CA alone would refuse those of Mesh CA; a control plane that has none left does no harm.
    private static async Task<bool> CanMigrateAsync(ObjectClient client, List<RunningAuthority> others, CancellationToken cancellationToken)
    {
        if (!others.Exists(running => running.SpreadsRoots) || others.Exists(running => running.Authority is not Authority.IstioCa))
        {
            return false;
        }

        var used = await RunningProxies.RevisionsAsync(client, cancellationToken);
        return others.TrueForAll(running => running.SpreadsRoots || !used.Contains(running.Revision));
    }

    private static string Wanted(AuthorityChangeSpec spec) => spec.Authority switch
    {
        Authority.CaService => $"CA Service ({RunningAuthorities.PoolOf(spec.Pool)})",
        Authority.IstioCa => "Istio CA with a root of your own",
        _ => "Mesh CA",
    };
}
