using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.WebhookFirewall;

/// <summary>
/// On clusters with private nodes, a firewall rule by which the API server reaches istiod. Rules that allow it already are found
/// and left; GKE's own rule is only read.
/// </summary>
internal sealed class WebhookFirewallStep(GkeClusters clusters, Firewalls firewalls) : Step<WebhookFirewallSpec>
{
    public override string Name => "webhook-firewall";

    protected override async Task<Plan> PlanAsync(WebhookFirewallSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        if (!cluster.HasPrivateNodes)
        {
            return Plans.Nothing();
        }

        var network = ClusterNetwork.Of(spec.Cluster.ToName(), cluster);
        var rules = await firewalls.ListAsync(network, cancellationToken);
        if (network.ReachOf(cluster, rules) is not { } reach)
        {
            return spec.Skip ? Skipped(network, "its API server's range is not known") : throw RangeUnknown(network);
        }

        if (reach.IsOpen(WebhookRule.WebhookPort, rules))
        {
            var closed = WebhookRule.Ports.Where(port => !reach.IsOpen(port, rules)).ToList();
            return closed.Count == 0
                ? Plans.Nothing()
                : Plans.Nothing().With("DEBUG_PORTS_CLOSED", $"The API server of {network.Cluster} does not reach istiod's ports {string.Join(", ", closed)}: istioctl's debugging commands won't work.");
        }

        if (spec.Skip)
        {
            return Skipped(network, $"{string.Join(", ", reach.Sources)} to {string.Join(", ", reach.Tags)}, tcp:{string.Join(",", WebhookRule.Ports)}");
        }

        if (rules.Any(rule => rule.Name == network.RuleName))
        {
            throw new MeshException(
                "FIREWALL_RULE_DIFFERS",
                $"The rule {network.RuleResource} is there, and does not let the API server of {network.Cluster} reach istiod.",
                "Put the rule right or delete it, then try again.");
        }

        var plan = new Plan { Changes = { WebhookRule.Creating(network, reach, facts.Call) } };
        return reach.Denying(WebhookRule.WebhookPort, rules) is { Count: > 0 } denying
            ? plan.With("FIREWALL_DENIES", $"These rules deny the port all the same, before ours counts: {string.Join(", ", denying)}.")
            : plan;
    }

    protected override async Task<Outcome> ApplyAsync(
        WebhookFirewallSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var found = await firewalls.FindAsync(change, cancellationToken);
        if (found is not null)
        {
            // Delivered twice, the second finds the first one's work; it may still be under way.
            return WebhookRule.IsAsPlanned(change, found)
                ? Outcomes.Pending()
                : Outcomes.Conflict(change.Resource, "somebody has made a rule of this name since it was planned");
        }

        await facts.Gate.EnterAsync(cancellationToken);
        return await firewalls.CreateAsync(change, facts.Call, cancellationToken);
    }

    protected override async Task<Outcome> VerifyAsync(
        WebhookFirewallSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        if (await firewalls.FailureAsync(change, facts.Handles, cancellationToken) is { } failure)
        {
            return failure;
        }

        var found = await firewalls.FindAsync(change, cancellationToken);
        var isOurs = found is not null && WebhookRule.IsAsPlanned(change, found);
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, isOurs ? "the rule still stands" : "the rule is not as planned");
    }

    protected override async Task<Outcome> RevertAsync(
        WebhookFirewallSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        await firewalls.RestAsync(change, cancellationToken);
        var found = await firewalls.FindAsync(change, cancellationToken);
        if (found is null)
        {
            return Outcomes.Done();
        }

        if (!WebhookRule.IsAsPlanned(change, found))
        {
            // Without our mark it is somebody else's rule by now.
            return WebhookRule.IsOf(found, facts.Call)
                ? Outcomes.Done([.. WebhookRule.Foreign(change, found), Undoing.Standing(change.Resource, "the rule is of ours, but somebody has changed it since")])
                : Outcomes.Done([.. WebhookRule.Foreign(change, found)]);
        }

        await facts.Gate.EnterAsync(cancellationToken);
        return await firewalls.DeleteAsync(change, facts.Call, cancellationToken);
    }

    private static Plan Skipped(ClusterNetwork network, string rule) => Plans.Nothing().With(
        "FIREWALL_SKIPPED",
        $"The API server of {network.Cluster} can't reach istiod's webhooks, and the request says to leave that. Needed on {network.Network}: ingress, {rule}.");

    private static MeshException RangeUnknown(ClusterNetwork network) => new(
        "CONTROL_PLANE_RANGE_UNKNOWN",
        $"{network.Cluster} has private nodes, and neither GKE's firewall rules on {network.Network} nor the cluster say where its API server's calls come from.",
        "Make a rule that lets the API server reach port 15017 of the nodes, and install with --skip-firewall.");
}
