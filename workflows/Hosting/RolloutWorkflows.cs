using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Hosting;

/// <summary>The workflows of rollouts, and the activities that they call.</summary>
internal static class RolloutWorkflows
{
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<FleetInstall>();
        options.RegisterWorkflow<PreflightBatch>();
        options.RegisterWorkflow<PreflightWait>();
        options.RegisterWorkflow<ScopePreparation>();
        options.RegisterWorkflow<ScopeInstall>();
        options.RegisterWorkflow<ScopeLeaving>();
        options.RegisterWorkflow<StageRollout>();
        options.RegisterWorkflow<StageBatch>();
        options.RegisterWorkflow<StageGate>();
        options.RegisterWorkflow<ClusterInstall>();
        options.RegisterWorkflow<ClusterCompensation>();
        options.RegisterWorkflow<Compensation>();
        options.RegisterWorkflow<CompensationBatch>();
        options.RegisterWorkflow<ScopeRelease>();
        options.RegisterWorkflow<StepWait>();
        options.RegisterWorkflow<PauseWait>();
        options.RegisterActivity<LoadOutline>();
        options.RegisterActivity<LoadPreflight>();
        options.RegisterActivity<PreflightCluster>();
        options.RegisterActivity<CheckAuthorities>();
        options.RegisterActivity<ArrangeStages>();
        options.RegisterActivity<SkipStage>();
        options.RegisterActivity<LoadStage>();
        options.RegisterActivity<LoadBatch>();
        options.RegisterActivity<LoadUndo>();
        options.RegisterActivity<LoadScopes>();
        options.RegisterActivity<SkipUnprepared>();
        options.RegisterActivity<FindIdleScopes>();
        options.RegisterActivity<ReadControl>();
        options.RegisterActivity<BeginCluster>();
        options.RegisterActivity<EndCluster>();
        options.RegisterActivity<BeginScope>();
        options.RegisterActivity<EndScope>();
        options.RegisterActivity<LeaveStep>();
        options.RegisterActivity<EndLeave>();
        options.RegisterActivity<FindMeshMember>();
        options.RegisterActivity<KeepStep>();
        options.RegisterActivity<PlanStep>();
        options.RegisterActivity<ApplyStep>();
        options.RegisterActivity<VerifyStep>();
        options.RegisterActivity<RevertStep>();
        options.RegisterActivity<LoadLedger>();
        options.RegisterActivity<MarkUndone>();
        options.RegisterActivity<PassEpoch>();
        options.RegisterActivity<RecordScope>();
        options.RegisterActivity<RecordRollout>();
        options.RegisterActivity<RecordStage>();
    }
}
