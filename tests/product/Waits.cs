using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Tests.Product;

/// <summary>Waits for what the product brings about by itself.</summary>
internal static class Waits
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Waits until a rollout is as wanted.</summary>
    public static async Task<RolloutView> WaitAsync(this RolloutClient client, string id, Func<RolloutView, bool> isWanted)
    {
        var view = await client.ReadAsync(id, Token);
        var begun = TimeProvider.System.GetTimestamp();
        while (!isWanted(view))
        {
            await NextAsync(begun, () => $"{id} is not as wanted: {JsonSerializer.Serialize(view, ApiJson.Default.RolloutView)}");
            view = await client.ReadAsync(id, Token);
        }

        return view;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo, Func<string> otherwise)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            await NextAsync(begun, otherwise);
        }
    }

    private static Task NextAsync(long begun, Func<string> otherwise)
    {
        if (TimeProvider.System.GetElapsedTime(begun) > Patience)
        {
            Assert.Fail(otherwise());
        }

        return Task.Delay(Pause, TimeProvider.System, Token);
    }
}
