using System.Collections.Concurrent;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.ReadModel;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Tests.Product.Live;

/// <summary>Following a rollout over a connection that breaks off.</summary>
public sealed class FollowerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_ConnectionBreaksOff_GoesOnAfterTheLastEventAndTellsEachOnce()
    {
        var resumed = new ConcurrentQueue<string>();
        await using var server = await EventServer.StartAsync(async http =>
        {
            resumed.Enqueue(http.Request.Headers["Last-Event-ID"].ToString());
            if (resumed.Count == 1)
            {
                await EventServer.WriteAsync(http, EventServer.Rollout(RolloutState.Running), EventServer.Step("a.1"), EventServer.Step("a.2"));
                return;
            }

            await EventServer.WriteAsync(http, EventServer.Step("a.2"), EventServer.Step("a.3"), EventServer.Rollout(RolloutState.Succeeded));
        });

        var told = await AllAsync(server.Client);

        Assert.Equal(["", "a.2"], resumed);
        Assert.Equal(["a.1", "a.2", "a.3"], told.OfType<Happening.Step>().Select(step => step.Event.Id));
        Assert.Equal(RolloutState.Succeeded, Assert.IsType<Happening.Rollout>(told[^1]).Document.State);
    }

    [Fact]
    public async Task Follow_ApiComesBackElsewhere_IsFoundThere()
    {
        await using var later = await EventServer.StartAsync(http =>
            EventServer.WriteAsync(http, EventServer.Step("a.2"), EventServer.Rollout(RolloutState.Compensated)));
        await using var first = await EventServer.StartAsync(http => EventServer.WriteAsync(http, EventServer.Step("a.1")));
        var calls = 0;
        RolloutClient Connect() => ++calls switch
        {
            1 => first.Client(),
            2 => throw new ApiUnreachableException("nothing runs there"),
            _ => later.Client(),
        };

        var told = await AllAsync(Connect);

        Assert.Equal(["a.1", "a.2"], told.OfType<Happening.Step>().Select(step => step.Event.Id));
        Assert.Single(told.OfType<Happening.Lost>());
    }

    [Fact]
    public async Task Follow_NothingEverAnswered_IsUnreachable() => await Assert.ThrowsAsync<ApiUnreachableException>(
        () => AllAsync(() => throw new ApiUnreachableException("nothing runs there")));

    [Fact]
    public async Task Follow_NoSuchRollout_IsRefused()
    {
        await using var server = await EventServer.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => AllAsync(server.Client));

        Assert.Equal(404, refused.Problem.Status);
    }

    private static async Task<IReadOnlyList<Happening>> AllAsync(Func<RolloutClient> connect) =>
        await new RolloutFollower(connect, TimeProvider.System).FollowAsync("prod-g1", Token).ToListAsync(Token);
}
