using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// Whether the API server answers the way that the request says. Where it does not, the other ways are tried, too, so that people learn which
/// one would do.
/// </summary>
internal sealed class ReachChecks(GkeConnections connections, TimeProvider time)
{
    // A port that swallows everything must not look like a slow one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <returns>The connection, or null with the refusal.</returns>
    public async Task<(ClusterConnection? Connection, PreflightCheck Check)> RunAsync(
        PreflightRequest request, Cluster cluster, CancellationToken cancellationToken)
    {
        var target = request.Cluster.ToTarget();
        var (connection, failure, passing) = await TryAsync(target, cluster, request.Facts.Ahead, cancellationToken);
        if (connection is not null)
        {
            return (connection, Checks.ApiServerReachable.Pass($"The API server of {target} answers ({WayOf(target)})."));
        }

        var told = new List<string> { $"{WayOf(target)}: {failure}" };
        var remedies = new List<string>();
        var others = await Task.WhenAll(OthersOf(request, target).Select(async other =>
            (Other: other, Found: await TryAsync(other.Target, cluster, [], cancellationToken))));
        foreach (var (other, (found, why, _)) in others)
        {
            told.Add($"{WayOf(other.Target)}: {(found is null ? why : "answers")}");
            if (found is not null)
            {
                remedies.Add(other.Remedy);
            }
        }

        var refusal = Checks.ApiServerUnreachable.Refuse(
            $"The API server of {target} can't be reached. {string.Join("; ", told)}.", remedies.Count > 0 ? string.Join(" ", remedies) : null);
        refusal.Passing = passing;
        return (null, refusal);
    }

    private static IEnumerable<(ClusterTarget Target, string Remedy)> OthersOf(PreflightRequest request, ClusterTarget target)
    {
        var access = target.Access?.Clone() ?? new ClusterAccess();
        access.FleetProject = request.Facts.FleetProject;
        if (!access.ConnectGateway)
        {
            var through = access.Clone();
            (through.ConnectGateway, through.Kubeconfig, through.HttpsProxy) = (true, "", "");
            yield return (target with { Access = through }, "Go through Connect Gateway: spec.clusters[].access: connectGateway.");
        }

        if (!target.IsElsewhere && (access.ConnectGateway || access.Kubeconfig.Length > 0 || access.HttpsProxy.Length > 0))
        {
            yield return (target with { Access = null }, "Use the cluster's endpoint: leave access, kubeconfig and httpsProxy out.");
        }
    }

    private static string WayOf(ClusterTarget target)
    {
        var way = target.Access switch
        {
            { Kubeconfig.Length: > 0 } access => $"kubeconfig {access.Kubeconfig}{(access.Context.Length > 0 ? $", context {access.Context}" : "")}",
            { ConnectGateway: true } => "Connect Gateway",
            _ => "endpoint",
        };
        return target.Access is { HttpsProxy.Length: > 0 } proxied ? $"{way} through the proxy {proxied.HttpsProxy}" : way;
    }

    // What a step ahead will mend is thrown on: nobody can tell yet.
    // Passing: there is a server, and it is unwell or busy. One that can't be connected to is most often behind a network that we are not in.
    private async Task<(ClusterConnection? Connection, string Failure, bool Passing)> TryAsync(
        ClusterTarget target, Cluster cluster, IReadOnlyCollection<string> ahead, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var connection = await connections.ConnectAsync(target, target.IsElsewhere ? null : cluster, either.Token);
            await connection.FindJsonAsync("version", either.Token);
            return (connection, "", false);
        }
        catch (ClusterCallException exception) when (exception.Status == 0)
        {
            return (null, exception.Message, false);
        }
        catch (ClusterCallException exception) when (Ahead.Of(exception, ahead) is null)
        {
            return (null, $"{(int)exception.Status} {exception.Message}", (int)exception.Status is 429 or >= 500);
        }
        catch (GoogleCallException exception) when (Ahead.Of(exception, ahead) is null)
        {
            return (null, exception.Message, false);
        }
        catch (MeshException exception)
        {
            return (null, exception.Message, false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds:0} s", false);
        }
    }
}
