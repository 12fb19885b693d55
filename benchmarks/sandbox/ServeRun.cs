using System.Globalization;
using System.Text.Json;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.SandboxBenchmark;

/// <summary>The sandbox that is measured. Says on its first line where it is, and ends with its input.</summary>
internal static class ServeRun
{
    private const string Owner = "user:owner@example.com";

    public static async Task<int> RunAsync(int clusters, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("meshwf-sandbox-bench-");
        try
        {
            // What is measured is the world, not the record of what was done to it.
            var options = new SandboxOptions { Folder = folder.FullName, World = WorldOf(clusters), JournalSize = 10_000 };
            await using var sandbox = await SandboxHost.StartAsync(options, cancellationToken);
            var at = new SandboxPlace(
                sandbox.Addresses.Google, [.. sandbox.Addresses.Clusters.Select(cluster => cluster.Server)], sandbox.TokenFor(Owner));
            Console.WriteLine(JsonSerializer.Serialize(at));
            await Console.In.ReadToEndAsync(cancellationToken);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static World WorldOf(int clusters) => new()
    {
        Projects =
        [
            new WorldProject("bench-apps", 420987654321, "Applications")
            {
                ServiceAccounts = [new WorldServiceAccount("meshworkflow")],
                Policy = [new WorldBinding("roles/owner", [Owner])],
            },
        ],
        Clusters = [.. Enumerable.Range(0, clusters).Select(number => new WorldCluster("bench-apps", "us-central1", Name(number), "vpc-bench"))],
        ServiceAccount = "meshworkflow@bench-apps.iam.gserviceaccount.com",
    };

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number:0000}");
}

/// <summary>Where a sandbox is.</summary>
/// <param name="Google">Google's APIs.</param>
/// <param name="Clusters">The clusters' API servers.</param>
/// <param name="Token">The token of somebody who may do everything.</param>
internal sealed record SandboxPlace(Uri Google, IReadOnlyList<Uri> Clusters, string Token);
