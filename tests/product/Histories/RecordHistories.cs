using System.Runtime.CompilerServices;
using System.Text;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Certificates;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.WorkflowContracts;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Product.Histories;

/// <summary>
/// Records the histories of today's workflows, for tests/workflows to play to those of tomorrow: rollouts that succeed, fail, are cancelled, wait
/// and are rolled back. Runs only when asked for; docs/decisions/0007-stored-histories.md says when.
/// </summary>
public sealed class RecordHistories
{
    private const string Version = "unreleased";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Record()
    {
        foreach (var old in Directory.EnumerateFiles(Folder(), "*.json"))
        {
            File.Delete(old);
        }

        await SucceededAsync();
        await UndoneAsync();
        await CancelledAsync();
        await PausedAsync();
        await SignedAsync();
    }

    // With a cluster that preflight has to ask again, a gate behind its stage, and a step that has to wait for long; rolled back by hand in the end.
    private static async Task SucceededAsync()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(2));
        using var client = product.Client();
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "get /version", Fleets.Resource("c2")),
            Status = 503,
            Code = "ServiceUnavailable",
            Times = 3,
        });
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "create namespaces", Fleets.Resource("c1")),
            Status = 429,
            Code = "TooManyRequests",
            RetryAfterSeconds = 2,
            Times = 1,
        });
        var id = await product.BeginAsync(Fleets.Request(2, """
              gateways: [{ namespace: istio-ingress }]
              injection: { namespaces: [default], restart: true }
              rollout:
                stages:
                  - { name: canary, select: { names: [c1] }, soak: 300ms, approval: required }
                  - { name: rest }
            """));
        await product.WaitAsync(id, view => view.Stages[0].State is StageState.AwaitingApproval);
        await client.ApproveAsync(id, new ApprovalRequest(), Token);
        Assert.Equal(RolloutState.Succeeded, (await product.EndAsync(id)).Rollout.State);
        await product.RollBackAsync(id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(id)).Rollout.State);
        await WriteAsync(product, "succeeded");
    }

    private static async Task UndoneAsync()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(3));
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("kubernetes", "patch deployments", Fleets.Resource("c3")), Code = "Forbidden" });
        var ended = await product.RunAsync(Fleets.Request(3, """
              rollout:
                stages: [{ name: all, maxConcurrent: 2 }]
                onFailure: rollback-rollout
            """));
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        await WriteAsync(product, "undone");
    }

    private static async Task CancelledAsync()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(2));
        using var client = product.Client();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("gkehub", "memberships.create"), HoldPoint.AfterEffect));
        var id = await product.BeginAsync(Fleets.Request(2));
        await product.Sandbox.ReachedAsync(hold).WaitAsync(Token);
        await client.CancelAsync(id, new CancelRequest(), Token);
        product.Sandbox.Release(hold, HoldAction.Proceed);
        Assert.Equal(RolloutState.Cancelled, (await product.EndAsync(id)).Rollout.State);
        await WriteAsync(product, "cancelled");
    }

    // Still under way, in a wait that has begun a new history.
    private static async Task PausedAsync()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(1));
        using var client = product.Client();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("gkehub", "memberships.create"), HoldPoint.AfterEffect));
        var id = await product.BeginAsync(Fleets.Request(1).Replace("pollEvery: 100ms", "pollEvery: 10ms", StringComparison.Ordinal));
        await product.Sandbox.ReachedAsync(hold).WaitAsync(Token);
        await client.SteerAsync(id, "pause", Token);
        product.Sandbox.Release(hold, HoldAction.Proceed);
        await Waits.UntilAsync(
            () => Count(product, "SELECT COUNT(*) FROM instance WHERE name = 'PauseWait' AND generation > 1") == 1,
            () => "The pause has begun no new history.");
        await WriteAsync(product, "paused");
    }

    // By CA Service, in a fleet that has no member yet: what signs is prepared in two parts.
    private static async Task SignedAsync()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Authorities.WithOpenPool(1));
        var id = await product.BeginAsync(Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true }}"));
        Assert.Equal(RolloutState.Succeeded, (await product.EndAsync(id)).Rollout.State);
        await product.RollBackAsync(id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(id)).Rollout.State);
        await WriteAsync(product, "signed");
    }

    private static long Count(ProductUnderTest product, string query)
    {
        using var connection = Open(product);
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)(command.ExecuteScalar() ?? 0L);
    }

    // Of each workflow the instance with most to tell, and of what can be late the late one.
    private static async Task WriteAsync(ProductUnderTest product, string story)
    {
        await product.KillAsync();
        using var connection = Open(product);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT i.key, i.name, i.id FROM instance i JOIN history h ON h.instance = i.key
            GROUP BY i.key ORDER BY i.name, i.id LIKE '%-late-%' DESC, COUNT(*) DESC, i.id
            """;
        using var reader = command.ExecuteReader();
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            var (key, workflow, id) = (reader.GetInt64(0), reader.GetString(1), reader.GetString(2));
            if (told.Add(workflow))
            {
                File.WriteAllText(Path.Combine(Folder(), $"{workflow}.{story}.json"), Text(workflow, id, Turns(connection, key)));
            }
        }
    }

    private static IEnumerable<IEnumerable<HistoryEvent>> Turns(SqliteConnection connection, long key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT events FROM history WHERE instance = $key ORDER BY turn";
        command.Parameters.AddWithValue("$key", key);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            using var stream = new MemoryStream(reader.GetFieldValue<byte[]>(0));
            var events = new List<HistoryEvent>();
            while (stream.Position < stream.Length)
            {
                events.Add(HistoryEvent.Parser.ParseDelimitedFrom(stream));
            }

            yield return events;
        }
    }

    // One event a line.
    private static string Text(string workflow, string id, IEnumerable<IEnumerable<HistoryEvent>> turns) => new StringBuilder()
        .Append("{\n  \"workflow\": \"").Append(workflow).Append("\",\n  \"instance\": \"").Append(id).Append("\",\n  \"turns\": [")
        .AppendJoin(',', turns.Select(turn => $"\n    [{string.Join(',', turn.Select(happened => $"\n      {happened}"))}\n    ]"))
        .Append("\n  ]\n}\n")
        .ToString();

    private static SqliteConnection Open(ProductUnderTest product)
    {
        var connection = new SqliteConnection($"Data Source={product.State.StateFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../workflows/Histories/Stored", Version));
}
