using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.CloudOperations;

/// <summary>Logs and metrics of the cluster go to Cloud Operations, where the mesh's dashboards look for them.</summary>
internal sealed class LoggingMonitoringStep(GkeClusters clusters, ClusterUpdating updating) : Step<LoggingMonitoringSpec>
{
    private const string Logging = "loggingService";
    private const string Monitoring = "monitoringService";
    private const string Off = "none";

    public override string Name => "logging-monitoring";

    protected override async Task<Plan> PlanAsync(LoggingMonitoringSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var resource = spec.Cluster.ToName().ResourceName;
        var fields = new[] { (Logging, "logging.googleapis.com/kubernetes"), (Monitoring, "monitoring.googleapis.com/kubernetes") }
            .Where(wanted => !Values.AreEqual(Live(cluster, wanted.Item1), Values.Of(wanted.Item2)))
            .Select(wanted => Plans.Field(
                wanted.Item1, Plans.Before(facts.Earlier, resource, wanted.Item1, Live(cluster, wanted.Item1)), Values.Of(wanted.Item2)))
            .ToList();
        if (fields.Count > 0 && spec.CheckOnly)
        {
            throw new MeshException(
                "CLOUD_OPERATIONS_OFF",
                $"{spec.Cluster.ToName()} does not send {string.Join(" and ", fields.Select(field => field.Path == Logging ? "logs" : "metrics"))} to Cloud Operations.",
                "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).");
        }

        return Plans.Of(resource, ChangeAction.Update, fields);
    }

    protected override async Task<Outcome> ApplyAsync(
        LoggingMonitoringSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var states = change.Fields.Select(field => Undoing.Compare(field, Live(cluster, field.Path))).ToHashSet();
        if (states.Contains(FieldState.Foreign))
        {
            return Outcomes.Conflict(change.Resource, "logging or monitoring has changed since it was planned");
        }

        return states.Contains(FieldState.Before)
            ? await SetAsync(spec, cluster, change.Fields.ToDictionary(field => field.Path, field => field.After?.StringValue), facts, cancellationToken)
            : Outcomes.Pending();
    }

    protected override async Task<Outcome> VerifyAsync(
        LoggingMonitoringSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        if (await updating.FailureAsync(spec.Cluster, facts.Handles, cancellationToken) is { } failure)
        {
            return failure;
        }

        var change = plan.Changes[0];
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var strays = change.Fields
            .Where(field => (Undoing.Compare(field, Live(cluster, field.Path)) is FieldState.After) != facts.Side is Side.After)
            .Select(field => $"{field.Path} is {Values.Show(Live(cluster, field.Path))}")
            .ToList();
        return strays.Count == 0 ? Outcomes.Done() : Outcomes.Conflict(change.Resource, string.Join(", ", strays));
    }

    protected override async Task<Outcome> RevertAsync(
        LoggingMonitoringSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        await updating.RestAsync(spec.Cluster, cancellationToken);
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var fields = change.Fields.ToLookup(field => Undoing.Compare(field, Live(cluster, field.Path)));
        if (fields[FieldState.After].Any())
        {
            return await SetAsync(
                spec,
                cluster,
                fields[FieldState.After].ToDictionary(field => field.Path, field => field.Before?.StringValue),
                facts,
                cancellationToken);
        }

        return Outcomes.Done(fields[FieldState.Foreign].Select(field =>
            Undoing.Foreign(change.Resource, field, Live(cluster, field.Path))));
    }

    private static Value? Live(Cluster cluster, string path) =>
        Values.Of((path == Logging ? cluster.LoggingService : cluster.MonitoringService) is { Length: > 0 } service ? service : null);

    // GKE checks the two against each other, so both go along: the one that is not to change as it was read.
    private Task<Outcome> SetAsync(
        LoggingMonitoringSpec spec,
        Cluster cluster,
        Dictionary<string, string?> wanted,
        WriteFacts facts,
        CancellationToken cancellationToken)
    {
        string ValueOf(string path) => (wanted.TryGetValue(path, out var value) ? value : Live(cluster, path)?.StringValue) ?? Off;
        return updating.UpdateAsync(
            spec.Cluster,
            cluster,
            new ClusterUpdate { DesiredLoggingService = ValueOf(Logging), DesiredMonitoringService = ValueOf(Monitoring) },
            facts,
            cancellationToken);
    }
}
