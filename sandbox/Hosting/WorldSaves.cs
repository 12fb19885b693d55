using System.Text.Json;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>Saves the state of the world, and puts it back.</summary>
/// <param name="world">What the world was at its start.</param>
/// <param name="parts">All that has state.</param>
/// <param name="operations">What takes time.</param>
/// <param name="traffic">What else goes on in the world.</param>
internal sealed class WorldSaves(World world, IReadOnlyList<ISavedPart> parts, Operations operations, WorldTraffic traffic)
{
    /// <summary>
    /// Saves everything, once no operation of Google's APIs is under way. Clusters' controllers aren't waited for: some never rest.
    /// </summary>
    /// <param name="patience">How long to wait for operations.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="SavedWorldException">Operations are still under way.</exception>
    public async Task<SavedWorld> SaveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            List<Operation> running;
            lock (traffic.Gate.Gate)
            {
                running = [.. operations.Running];
                if (running.Count == 0)
                {
                    return new SavedWorld(traffic.Time.GetUtcNow(), world, parts.ToDictionary(part => part.SavedAs, part => part.Save(), StringComparer.Ordinal));
                }
            }

            try
            {
                await Task.WhenAll(running.Select(operation => operation.Completed)).WaitAsync(ends.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SavedWorldException($"Operations are under way, and what they will do can't be saved: {string.Join(", ", running.Select(operation => operation.Name))}. Save again when they have ended.");
            }
        }
    }

    /// <summary>
    /// Puts the world back to a saved state: all at once, and nothing at all if the state can't be read. Operations that are under way end
    /// without an effect, watches end as expired.
    /// </summary>
    /// <exception cref="SavedWorldException">It was saved in another world, or can't be read.</exception>
    public void Restore(SavedWorld saved)
    {
        SameWorld.Check(saved.World, world);
        lock (traffic.Gate.Gate)
        {
            foreach (var restore in parts.Select(part => Read(part, saved)).ToList())
            {
                restore();
            }

            traffic.Journal.AddRestore($"restored the world as it was saved at {Times.Text(saved.SavedAt)}");
        }
    }

    private static Action Read(ISavedPart part, SavedWorld saved)
    {
        try
        {
            return part.Read(saved.Part(part.SavedAs));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new SavedWorldException($"The saved state can't be read: its part '{part.SavedAs}' is wrong: {exception.Message}");
        }
    }
}

/// <summary>What goes on in a world.</summary>
/// <param name="Gate">Keeps calls, ends of operations and this apart.</param>
/// <param name="Journal">Where it is noted.</param>
/// <param name="Time">The clock.</param>
internal sealed record WorldTraffic(WorldGate Gate, Journal Journal, TimeProvider Time);
