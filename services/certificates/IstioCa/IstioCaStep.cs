using System.Net;
using System.Text.Json.Nodes;
using MeshWorkflow.GoogleCloud;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>
/// What istiod signs with: the secret <c>cacerts</c>. It is only ever made, never changed: one that is there is used if it is what
/// is wanted, and refused if not. Keys go into it and nowhere else; a plan has a digest.
/// </summary>
internal sealed class IstioCaStep(SigningSource source, GkeConnections connections, TimeProvider time) : Step<IstioCaSpec>
{
    public override string Name => "istio-ca";

    protected override async Task<Plan> PlanAsync(IstioCaSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var wanted = await source.CheckAsync(spec, cancellationToken);
        var place = await PlaceAsync(spec, cancellationToken);
        var live = await place.Client.FindAsync(CaSecret.In(spec.Namespace), cancellationToken);
        if (live?.IsTerminating() is true)
        {
            throw new WaitException($"the secret {CaSecret.Name} is being deleted");
        }

        var plan = live is null ? Making(place.NameOf(CaSecret.In(spec.Namespace)), wanted, facts) : Found(spec, live, wanted, facts);
        plan.Notices.Add(wanted.Notices);
        return plan;
    }

    protected override async Task<Outcome> ApplyAsync(IstioCaSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var place = await PlaceAsync(spec, cancellationToken);
        var target = CaSecret.In(spec.Namespace);
        if (await place.Client.FindAsync(target, cancellationToken) is { } live)
        {
            return IsAsPlanned(change, live, facts.Call) && !live.IsTerminating()
                ? Outcomes.Done()
                : Outcomes.Conflict(change.Resource, $"the secret {CaSecret.Name} has come or changed since it was planned");
        }

        var files = await source.TakeAsync(spec, cancellationToken);
        if (DigestOf(change) is { } planned && planned != files.Digest())
        {
            return Outcomes.Conflict(change.Resource, "the files have changed since they were planned");
        }

        await facts.Gate.EnterAsync(cancellationToken);
        try
        {
            await place.Client.CreateAsync(CaSecret.Type, CaSecret.Make(spec.Namespace, files, facts.Call.Run), cancellationToken);
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.Conflict)
        {
            return Outcomes.Conflict(change.Resource, $"the secret {CaSecret.Name} has come since it was planned");
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.NotFound)
        {
            throw new MeshException(
                "NAMESPACE_MISSING", $"There is no namespace {spec.Namespace} on {spec.Cluster.Name}.", "Make it, or let the rollout do it: --enable_namespace_creation (or --enable_all).");
        }

        return Outcomes.Done();
    }

    protected override async Task<Outcome> VerifyAsync(IstioCaSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var place = await PlaceAsync(spec, cancellationToken);
        var live = await place.Client.FindAsync(CaSecret.In(spec.Namespace), cancellationToken);
        if (live?.IsTerminating() is true)
        {
            throw new WaitException($"the secret {CaSecret.Name} is being deleted");
        }

        var isAfter = live is not null && IsAsPlanned(change, live, facts.Call);
        return isAfter == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, $"the secret {CaSecret.Name} is {(isAfter ? "still" : "not")} as planned");
    }

    protected override async Task<Outcome> RevertAsync(IstioCaSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var place = await PlaceAsync(spec, cancellationToken);
        var live = await place.Client.FindAsync(CaSecret.In(spec.Namespace), cancellationToken);
        if (live is null || !CaSecret.IsOf(live, facts.Call.Run))
        {
            return Outcomes.Done();
        }

        if (live.IsTerminating())
        {
            return Outcomes.Pending(live.Text("metadata", "uid") ?? "");
        }

        if (!IsAsPlanned(change, live, facts.Call))
        {
            return Outcomes.Done([Undoing.Standing(change.Resource, $"the secret {CaSecret.Name} is of ours, but somebody has changed it since")]);
        }

        await facts.Gate.EnterAsync(cancellationToken);
        await place.Client.DeleteAsync(CaSecret.Type, live, cancellationToken);
        return Outcomes.Pending(live.Text("metadata", "uid") ?? "");
    }

    private static Plan Making(string resource, CheckedSource wanted, PlanFacts facts) => Plans.Of(
        resource,
        ChangeAction.Create,
        wanted.Files is { } files
            ? Plans.Field(CaSecret.Path, before: null, files.Digest())
            : new FieldChange { Path = CaSecret.Path, After = Values.Of($"an intermediate of the root {SigningFiles.RootDigest(wanted.Root)}"), KnownAfter = "istio-ca" },
        Plans.Field(CaSecret.RolloutPath, before: null, facts.Call.Run));

    /// <exception cref="MeshException">It is not what is wanted: <c>CACERTS_DIFFER</c>.</exception>
    private Plan Found(IstioCaSpec spec, JsonObject live, CheckedSource wanted, PlanFacts facts)
    {
        var found = CaSecret.Read(live);
        if (found is null)
        {
            throw Differs(spec, $"has the keys {string.Join(", ", CaSecret.KeysOf(live))}; istiod looks for {string.Join(", ", CertificateFiles.OfCluster)}");
        }

        if (wanted.Files is { } files ? files.Digest() != found.Digest() : SigningFiles.RootDigest(found.Root) != SigningFiles.RootDigest(wanted.Root))
        {
            throw Differs(spec, wanted.Files is null ? "is of another root" : "has other certificates or another key");
        }

        // One of the given files was looked at already; one that was made earlier may have grown old.
        var wrong = wanted.Files is null ? SigningChecks.Of(found, time.GetUtcNow(), TimeSpan.Zero).Wrong : [];
        if (wrong.Count > 0)
        {
            throw Differs(spec, $"can't be used: {string.Join(" ", wrong.Select(finding => finding.Message))}");
        }

        return CaSecret.IsOf(live, facts.Call.Run)
            ? Plans.Nothing()
            : Plans.Nothing().With("CACERTS_FOUND", $"The secret {spec.Namespace}/{CaSecret.Name} of {spec.Cluster.Name} is there as wanted. It is used, and stays.");
    }

    private static MeshException Differs(IstioCaSpec spec, string how) => new(
        "CACERTS_DIFFER",
        $"The secret {spec.Namespace}/{CaSecret.Name} of {spec.Cluster.Name} is there and {how}. It is never overwritten.",
        "Use the files that it was made from; or, if nothing signs with it any more, save it and delete it.");

    // Of an intermediate that was made the plan can't have the digest: there the secret itself has what it was made with.
    private static bool IsAsPlanned(Change change, JsonObject live, CallFacts call) =>
        CaSecret.IsOf(live, call.Run)
        && CaSecret.IsUnchanged(live)
        && (DigestOf(change) is not { } planned || CaSecret.Read(live)?.Digest() == planned);

    private static string? DigestOf(Change change) =>
        change.Fields.FirstOrDefault(field => field.Path == CaSecret.Path) is { KnownAfter: "" } field ? field.After?.StringValue : null;

    private async Task<ObjectPlace> PlaceAsync(IstioCaSpec spec, CancellationToken cancellationToken)
    {
        var target = new ClusterTarget(new ClusterName(spec.Cluster.Project, spec.Cluster.Location, spec.Cluster.Name), spec.Cluster.Access);
        return new ObjectPlace(new ObjectClient(await connections.ConnectAsync(target, cancellationToken)), target.ResourceName);
    }
}
