using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>The workflows whose histories grow with the size of a batch, with a hundred of the longest names in it and all going wrong.</summary>
public sealed class BatchHistoryTests
{
    private const int Count = 100;
    private const string Reason = "SOMETHING_THAT_HAS_A_LONG_NAME_IS_WRONG";

    private static readonly RolloutRun Run = new("a-name-of-20-letters", 1000);
    private static readonly Timing Timing = new(45_000, 1, 5, 3_600_000, 3_600_000, 40_000, 60_000, 200, 600_000);
    private static readonly string[] Clusters =
    [
        .. Enumerable.Range(0, Count).Select(number => string.Create(
            CultureInfo.InvariantCulture, $"a-project-that-has-30-letters0/northamerica-northeast1-a/a-cluster-name-of-forty-letters-in-a{number:0000}")),
    ];

    [Fact]
    public async Task StageBatch_AllFail_IsWithinTheLimit()
    {
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<StageBatch>();
            Batch(options, budget: Count);
            Child<ClusterInstallInput>(options, nameof(ClusterInstall), ClusterState.CompensationIncomplete);
        });

        var (history, tally) = await workflows.RunAsync<Tally>(nameof(StageBatch), "batch", new StageBatchInput(Run, Timing, Stage: 1, Batch: 1, Failures: 0));

        Assert.Equal(Count, tally?.Incomplete);
        Histories.AssertSmall([history]);
    }

    [Fact]
    public async Task StageBatch_BudgetUsedUp_IsWithinTheLimit()
    {
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<StageBatch>();
            Batch(options, budget: 0);
        });

        var (history, tally) = await workflows.RunAsync<Tally>(nameof(StageBatch), "batch", new StageBatchInput(Run, Timing, Stage: 1, Batch: 1, Failures: 1));

        Assert.Equal(Count, tally?.Skipped);
        Histories.AssertSmall([history]);
    }

    [Fact]
    public async Task CompensationBatch_AllFail_IsWithinTheLimit()
    {
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<CompensationBatch>();
            options.RegisterActivity<UndoQuery, UndoFacts>(nameof(LoadUndo), (_, _) => Task.FromResult(new UndoFacts(1, Clusters, Count)));
            Child<ClusterCompensationInput>(options, nameof(ClusterCompensation), ClusterState.CompensationIncomplete);
        });
        var undo = new CompensationInput(Run, Timing, UndoNumber.ByHand(1000), CompensationInput.WholeRollout, Reason, Rollback: 1000);

        var (history, tally) = await workflows.RunAsync<Tally>(nameof(CompensationBatch), "batch", new CompensationBatchInput(undo, Batch: 1));

        Assert.Equal(Count, tally?.Incomplete);
        Histories.AssertSmall([history]);
    }

    [Fact]
    public async Task PreflightBatch_NobodyAnswersForAWhile_IsWithinTheLimit()
    {
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<PreflightBatch>();
            options.RegisterWorkflow<PreflightWait>();
            options.RegisterActivity<PreflightQuery, PreflightClusters>(nameof(LoadPreflight), (_, _) => Task.FromResult(new PreflightClusters(Clusters)));
            options.RegisterActivity<PreflightInput, StepResult>(nameof(PreflightCluster), (_, input) => Task.FromResult(input.Tries < 12
                ? new StepResult(StepResultKind.Wait, Message: new string('m', 300))
                : new StepResult(StepResultKind.Refused, Reason: Reason, Message: new string('m', 300))));
        });

        var (history, tally) = await workflows.RunAsync<PreflightTally>(nameof(PreflightBatch), "batch", new PreflightBatchInput(Run, Timing, Batch: 1));

        Assert.Equal(Count, tally?.Refused);
        Histories.AssertSmall([history]);
    }

    [Fact]
    public async Task ScopePreparation_AllFail_IsWithinTheLimit()
    {
        string[] scopes = [.. Enumerable.Range(0, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"project/a-project-that-has-letters{number:000}"))];
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<ScopePreparation>();
            options.RegisterActivity<ScopeQuery, ScopeFacts>(nameof(LoadScopes), (_, _) => Task.FromResult(new ScopeFacts(1, scopes, [])));
            Child<ScopeInstallInput>(options, nameof(ScopeInstall), ClusterState.Failed);
        });

        var (history, prepared) = await workflows.RunAsync<Preparation>(nameof(ScopePreparation), "batch", new ScopeBatchInput(Run, Timing, Batch: 1));

        Assert.Equal(Count, prepared?.Failed);
        Histories.AssertSmall([history]);
    }

    private static void Batch(WorkflowRuntimeOptions options, int budget)
    {
        options.RegisterActivity<BatchQuery, BatchFacts>(
            nameof(LoadBatch), (_, _) => Task.FromResult(new BatchFacts(Clusters, Count, budget, FailureAction.RollbackCluster)));
        options.RegisterActivity<ControlInput, ControlState>(nameof(ReadControl), (_, _) => Task.FromResult(new ControlState(1000, null, IsApproved: false)));
        options.RegisterActivity<ScopeRecord, bool>(nameof(RecordScope), (_, _) => Task.FromResult(true));
    }

    private static void Child<TInput>(WorkflowRuntimeOptions options, string name, ClusterState end) =>
        options.RegisterWorkflow<TInput, ScopeVerdict>(name, (_, _) => Task.FromResult(new ScopeVerdict(end, Reason)));
}
