using System.Globalization;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Puts clusters in the place of the memberships that a request names them by. Looks them up, and writes nothing.</summary>
internal sealed class MemberClusters(StepClients clients, StepRecords records)
{
    private const int AtOnce = 20;

    /// <summary>Looks up the clusters of a request that was read without a mistake.</summary>
    public async Task<Sent<FleetInstallRequest>> ResolveAsync(Sent<FleetInstallRequest> sent, CancellationToken cancellationToken)
    {
        if (sent.Value is not { } request || request.Details.All(detail => detail.Member is null))
        {
            return sent;
        }

        var mistakes = new List<Mistake>();
        var found = new Dictionary<ClusterRef, ClusterDetail>();
        var named = request.Clusters.ToHashSet();
        var places = request.Clusters.Index().ToDictionary(one => one.Item, one => one.Index);
        foreach (var (detail, reply) in await FindAllAsync(request, cancellationToken))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.clusters[{places[detail.Cluster]}].member");
            switch (reply.OutcomeCase)
            {
                case FindMemberReply.OutcomeOneofCase.Wait:
                    return new(null, Problems.Of(
                        StatusCodes.Status503ServiceUnavailable, "MEMBERS_UNKNOWN", $"It can't be told which clusters the request means: {reply.Wait.Reason}.", "Try again."));
                case FindMemberReply.OutcomeOneofCase.Refused:
                    mistakes.Add(new Mistake(path, reply.Refused.Reason, reply.Refused.Message, reply.Refused.Hint));
                    break;
                default:
                    var cluster = new ClusterRef(reply.Found.Project, reply.Found.Location, reply.Found.Name);
                    if (!named.Add(cluster))
                    {
                        mistakes.Add(new Mistake(path, "DUPLICATE", $"is {cluster}, which is in the list already", "Name each cluster once."));
                    }

                    found[detail.Cluster] = detail with { Cluster = cluster, Member = null, Membership = detail.Cluster.Name };
                    break;
            }
        }

        return mistakes.Count > 0 ? new(null, Problems.Mistaken(mistakes)) : new(In(request, found));
    }

    // Many at once, in the order of the request: a thousand one after another would take minutes.
    private async Task<IEnumerable<(ClusterDetail Detail, FindMemberReply Reply)>> FindAllAsync(FleetInstallRequest request, CancellationToken cancellationToken)
    {
        var wanted = request.Details.Where(detail => detail.Member is not null).ToList();
        var replies = new FindMemberReply[wanted.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, wanted.Count), options, async (place, stop) =>
            replies[place] = await clients.MeshMembers().FindAsync(Find(request, wanted[place].Member ?? ""), records.Options(stop)));
        return wanted.Zip(replies);
    }

    private static FindMemberRequest Find(FleetInstallRequest request, string membership) => new()
    {
        Call = new Call { Rollout = request.Name, Generation = 1, Scope = membership, Step = "find-member", Attempt = 1, KeyFile = request.KeyFile ?? "" },
        Membership = membership,
    };

    private static FleetInstallRequest In(FleetInstallRequest request, Dictionary<ClusterRef, ClusterDetail> found) => request with
    {
        Clusters = [.. request.Clusters.Select(cluster => found.GetValueOrDefault(cluster)?.Cluster ?? cluster)],
        Details = [.. request.Details.Select(detail => found.GetValueOrDefault(detail.Cluster) ?? detail)],
        Rollout = request.Rollout with
        {
            Stages = [.. request.Rollout.Stages.Select(stage => stage with { Names = [.. stage.Names.Select(name => NameIn(found, name))] })],
        },
    };

    // Stages may call them by their membership's name, too.
    private static string NameIn(Dictionary<ClusterRef, ClusterDetail> found, string name) =>
        found.FirstOrDefault(pair => pair.Key.Name == name || pair.Key.ToString() == name).Value?.Cluster.ToString() ?? name;
}
