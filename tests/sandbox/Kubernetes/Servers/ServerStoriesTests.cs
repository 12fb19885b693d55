namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>The stories, told to the simulated API server.</summary>
public sealed class ServerStoriesTests : IAsyncLifetime
{
    private ClusterUnderTest _cluster = null!;

    public static TheoryData<string> Stories => ServerStories.Names;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Sandbox_Story_GoesAsItIsTold(string story) => ExpectNothing(await ServerStories.TellAsync(story, _cluster.Http, int.MaxValue));

    // All of it is to be read, not the first characters.
    internal static void ExpectNothing(string wrong) => Assert.True(wrong.Length == 0, wrong);
}

/// <summary>The same stories, told to a real API server where there is one, and both compared.</summary>
public sealed class RealServerStoriesTests(RealServer real) : IClassFixture<RealServer>
{
    public static TheoryData<string> Stories => ServerStories.Names;

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task RealServer_Story_GoesAsItIsTold(string story)
    {
        Assert.SkipWhen(real.Http is null, real.Missing);

        ServerStoriesTests.ExpectNothing(await ServerStories.TellAsync(story, real.Http!, real.Minor));
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task BothServers_Story_StoreTheSame(string story)
    {
        Assert.SkipWhen(real.Http is null, real.Missing);
        Assert.SkipWhen(ServerStories.IsNewerThan(story, real.Minor), $"the server, of 1.{real.Minor}, knows a part of the story otherwise");
        await using var cluster = await ClusterUnderTest.StartAsync();

        var ours = await ServerStories.EndOfAsync(story, cluster.Http);
        var theirs = await ServerStories.EndOfAsync(story, real.Http!);

        Assert.Equal(theirs, ours);
    }
}
