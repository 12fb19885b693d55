using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Histories stay small, however large a fleet is.</summary>
public sealed class HistoryTests
{
    private const long Limit = 256 * 1024;
    private const int Clusters = 4;
    private const int ClustersOfABatch = 100;

    [Fact]
    public async Task Histories_WholeRolloutAndItsUndo_AreWithinTheLimit()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(Clusters));
        product.Sandbox.Order(Fleets.LabelRefused("c2"));
        var ended = await product.RunAsync(Fleets.Request(Clusters, """
              gateways: [{ namespace: istio-ingress }]
              rollout: { stages: [{ name: all, maxConcurrent: 2, failureBudget: 2 }] }
            """));
        await product.RollBackAsync(ended.Rollout.Id);
        await product.EndAsync(ended.Rollout.Id);
        await product.KillAsync();

        var sizes = Read(product.State.StateFile);
        Assert.Contains(sizes, history => history.Workflow == "ClusterInstall");
        foreach (var (id, workflow, size) in sizes)
        {
            // These grow with the clusters of a batch, which are never more than a hundred.
            var isBatch = workflow is "StageBatch" or "PreflightBatch" or "CompensationBatch";
            var largest = isBatch ? size * ClustersOfABatch / Clusters : size;
            Assert.True(largest <= Limit, string.Create(CultureInfo.InvariantCulture, $"{id} ({workflow}) has {size} bytes, {largest} in a whole batch"));
        }
    }

    [Fact]
    public async Task Ids_LongestNames_AreWithinTheLimit()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var ended = await product.RunAsync(Fleets.Request(2, name: "a-name-of-20-letters"));
        await product.RollBackAsync(ended.Rollout.Id);
        await product.EndAsync(ended.Rollout.Id);
        await product.KillAsync();

        Assert.All(Read(product.State.StateFile), history => Assert.Matches("^[a-z0-9-]{1,63}$", history.Id));
    }

    private static List<(string Id, string Workflow, long Size)> Read(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i.id, i.name, SUM(LENGTH(h.events)) FROM instance i JOIN history h ON h.instance = i.key GROUP BY i.key";
        using var reader = command.ExecuteReader();
        var sizes = new List<(string, string, long)>();
        while (reader.Read())
        {
            sizes.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return sizes;
    }
}
