using MeshWorkflow.Iam;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using StepsClient = MeshWorkflow.Protos.Steps.V1.Steps.StepsClient;

namespace MeshWorkflow.Tests.Services.Iam;

/// <summary>Two rollouts that need some of the same roles of one project; either may be undone first.</summary>
public sealed class OverlappingRolloutsTests
{
    private const string Scope = $"project/{SharedWorld.Apps}";
    private const string Step = "roles";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Leave_EitherFirst_SharedRoleStaysForTheOtherAndAllIsBackInTheEnd(string first, string second)
    {
        await using var service = await ServiceUnderTest.StartAsync(
            IamApp.AppId,
            IamApp.Build,
            SharedWorld.Make([.. SharedWorld.Looking, "roles/resourcemanager.projectIamAdmin"]),
            IamReflection.Descriptor);
        var before = service.Bindings(SharedWorld.Apps);
        await InstallAsync(service, "one", "roles/container.admin", "roles/meshconfig.admin");
        await InstallAsync(service, "two", "roles/meshconfig.admin", "roles/compute.securityAdmin");

        await LeaveAsync(service, first);

        Assert.Contains("roles/meshconfig.admin", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        Assert.DoesNotContain(first == "one" ? "roles/container.admin" : "roles/compute.securityAdmin", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        await LeaveAsync(service, second);
        Assert.Equal(before, service.Bindings(SharedWorld.Apps));
    }

    private static async Task InstallAsync(ServiceUnderTest service, string rollout, params string[] roles)
    {
        var step = service.Step(Step, Scope, new RolesSpec { Project = SharedWorld.Apps, Roles = { roles } }, rollout);
        await step.RaiseEpochAsync($"{rollout}-install");
        await step.PlanAsync();
        var entry = await service.State<StepLedger>().GetAsync(step.LedgerKey, Token);
        Assert.NotNull(entry);
        Assert.Null(await service.State<Claims>().JoinAsync(IamApp.AppId, entry, Token));
        await step.ApplyAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.VerifyAsync(Side.After)).OutcomeCase);
    }

    // As the orchestrator does: what the claims answer is stored as an attempt of its own, and reverted.
    private static async Task LeaveAsync(ServiceUnderTest service, string rollout)
    {
        var run = LedgerKeys.Run(rollout, 1);
        var undo = await service.State<Claims>().LeaveAsync(Scope, Step, run, Token);
        Assert.NotNull(undo);
        var call = new Call
        {
            Rollout = rollout,
            Generation = 1,
            Scope = Scope,
            Step = Step,
            Attempt = 100,
            Epoch = await service.Epochs.RaiseAsync(Scope, $"{rollout}-undo", Token),
        };
        await service.State<StepLedger>().AddAsync(new LedgerEntry { Call = call, Spec = undo.Spec, Plan = undo.Plan }, Token);
        var outcome = await new StepsClient(service.Invoker).RevertAsync(
            new RevertRequest { Call = call, LedgerKey = LedgerKeys.Entry(call) }, cancellationToken: Token);
        Assert.Equal(Outcome.OutcomeOneofCase.Done, outcome.OutcomeCase);
        await service.State<Claims>().EndAsync(Scope, Step, run, Token);
    }
}
