using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Iam;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Ledger;

public sealed class ClaimsTests
{
    private const string Scope = "project/demo-apps";
    private const string Step = "roles";
    private const string Resource = "//cloudresourcemanager.googleapis.com/projects/demo-apps";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leave_OnlyHolder_AnswersItsOwnUndoUntilEnd()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Adding("a", "b"));

        var undo = await claims.LeaveAsync(Scope, Step, "one-g1", Token);
        var again = await claims.LeaveAsync(Scope, Step, "one-g1", Token);

        Assert.NotNull(undo);
        Assert.Equal("iam", undo.App);
        Assert.Equal(undo.Plan, again?.Plan);
        Assert.Equal(["a", "b"], undo.Plan.Changes.Single().Fields.Select(field => field.Path));
        await claims.EndAsync(Scope, Step, "one-g1", Token);
        Assert.Null(await claims.LeaveAsync(Scope, Step, "one-g1", Token));
        Assert.Empty((await claims.ReadAsync(Scope, Step, Token)).Claims);
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Leave_TwoOverlapping_EachPutsBackWhatNobodyElseReliesOn(string first, string second)
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Adding("a", "shared"));
        await JoinAsync(claims, "two", Relying(Adding("b"), "shared", "found"));

        var early = await claims.LeaveAsync(Scope, Step, $"{first}-g1", Token);
        await claims.EndAsync(Scope, Step, $"{first}-g1", Token);
        var late = await claims.LeaveAsync(Scope, Step, $"{second}-g1", Token);

        Assert.Equal([first == "one" ? "a" : "b"], Paths(early));
        Assert.Equal(first == "one" ? ["shared", "b"] : ["a", "shared"], Paths(late));
        Assert.All(late?.Plan.Changes.SelectMany(change => change.Fields) ?? [], field => Assert.Null(field.Before));
    }

    [Fact]
    public async Task Join_WhilePutBack_WaitsForItsRunAndJoinsNothing()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Adding("a"));
        await claims.LeaveAsync(Scope, Step, "one-g1", Token);

        var busy = await claims.JoinAsync("iam", Entry("two", Relying(Adding("b"), "a")), Token);

        Assert.Equal("one-g1", busy);
        Assert.DoesNotContain((await claims.ReadAsync(Scope, Step, Token)).Claims, claim => claim.Holders.Contains("two-g1"));
        await claims.EndAsync(Scope, Step, "one-g1", Token);
        await JoinAsync(claims, "two", Adding("a", "b"));
        Assert.Equal(["a", "b"], Paths(await claims.LeaveAsync(Scope, Step, "two-g1", Token)));
    }

    [Fact]
    public async Task Join_UnrelatedWhilePutBack_IsNotHeldUp()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Adding("a"));
        await claims.LeaveAsync(Scope, Step, "one-g1", Token);

        await JoinAsync(claims, "two", Adding("b"));

        Assert.Equal(["b"], Paths(await claims.LeaveAsync(Scope, Step, "two-g1", Token)));
    }

    [Fact]
    public async Task Keep_LastHolderLeft_NextOnePutsBackTheFirstBefore()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Changing("a", "old", "new"));
        await claims.LeaveAsync(Scope, Step, "one-g1", Token);
        await claims.KeepAsync(Scope, Step, "one-g1", Token);

        await JoinAsync(claims, "two", Relying(new Plan(), "a"));
        var undo = await claims.LeaveAsync(Scope, Step, "two-g1", Token);

        Assert.Equal("old", undo?.Plan.Changes.Single().Fields.Single().Before.StringValue);
    }

    [Fact]
    public async Task Join_ValueChangedByOthersMeanwhile_TheirsIsTheNewBefore()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "one", Changing("a", "old", "new"));
        await JoinAsync(claims, "two", Changing("a", "theirs", "new"));

        await claims.LeaveAsync(Scope, Step, "one-g1", Token);
        var undo = await claims.LeaveAsync(Scope, Step, "two-g1", Token);

        Assert.Equal("theirs", undo?.Plan.Changes.Single().Fields.Single().Before.StringValue);
    }

    [Fact]
    public async Task Join_KeptChanges_AreNobodysToPutBack()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        var plan = Adding("a");
        plan.Changes[0].Undo = Undo.Kept;

        await JoinAsync(claims, "one", plan);

        Assert.Null(await claims.LeaveAsync(Scope, Step, "one-g1", Token));
    }

    [Fact]
    public async Task Join_ManyAtOnce_NoneIsLost()
    {
        await using var service = await StartAsync();
        var claims = service.State<Claims>();
        await JoinAsync(claims, "first", Adding("a"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => JoinAsync(claims, $"r{i}", Relying(new Plan(), "a"))));

        Assert.Equal(21, (await claims.ReadAsync(Scope, Step, Token)).Claims.Single().Holders.Count);
    }

    private static Task<ServiceUnderTest> StartAsync() => ServiceUnderTest.StartAsync(IamApp.AppId, IamApp.Build);

    private static async Task JoinAsync(Claims claims, string rollout, Plan plan) =>
        Assert.Null(await claims.JoinAsync("iam", Entry(rollout, plan), Token));

    private static IEnumerable<string> Paths(ClaimedUndo? undo) =>
        undo?.Plan.Changes.SelectMany(change => change.Fields).Select(field => field.Path) ?? [];

    private static LedgerEntry Entry(string rollout, Plan plan) => new()
    {
        Call = new Call { Rollout = rollout, Generation = 1, Scope = Scope, Step = Step, Attempt = 1 },
        Spec = Any.Pack(new Call { Scope = Scope }),
        Plan = plan,
    };

    private static Plan Adding(params string[] paths) => new()
    {
        Changes = { Change(paths.Select(path => new FieldChange { Path = path, After = Value.ForBool(true) })) },
    };

    private static Plan Changing(string path, string before, string after) => new()
    {
        Changes = { Change([new FieldChange { Path = path, Before = Value.ForString(before), After = Value.ForString(after) }]) },
    };

    private static Change Change(IEnumerable<FieldChange> fields) =>
        new() { Resource = Resource, Action = ChangeAction.Update, Undo = Undo.Exact, Fields = { fields } };

    private static Plan Relying(Plan plan, params string[] paths)
    {
        plan.ReliesOn.Add(paths.Select(path => new Reliance { Resource = Resource, Path = path }));
        return plan;
    }
}
