using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests;

/// <summary>Actions of workers.</summary>
internal static class Act
{
    public static WorkflowAction Activity(int id, string name = "x", string? input = null, string? app = null) => new()
    {
        Id = id,
        ScheduleTask = new ScheduleTaskAction { Name = name, Input = input, TaskExecutionId = $"key-{id}" },
        Router = Router(app),
    };

    public static WorkflowAction Child(int id, string? instanceId = null, string? app = null) => new()
    {
        Id = id,
        CreateChildWorkflow = new CreateChildWorkflowAction { Name = "child", InstanceId = instanceId ?? "", Input = "\"in\"" },
        Router = Router(app),
    };

    public static WorkflowAction Timer(int id, DateTimeOffset fireAt) => new()
    {
        Id = id,
        CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTimeOffset(fireAt) },
    };

    public static WorkflowAction Send(int id, string receiver, string name) => new()
    {
        Id = id,
        SendEvent = new SendEventAction { Instance = new WorkflowInstance { InstanceId = receiver }, Name = name, Data = "1" },
    };

    public static WorkflowAction Complete(string? result = null, OrchestrationStatus status = OrchestrationStatus.Completed) =>
        new() { CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = status, Result = result } };

    public static WorkflowAction ContinueAsNew(string input, params HistoryEvent[] carried) => new()
    {
        CompleteWorkflow = new CompleteWorkflowAction
        {
            WorkflowStatus = OrchestrationStatus.ContinuedAsNew,
            Result = input,
            CarryoverEvents = { carried },
        },
    };

    private static TaskRouter? Router(string? app) => app is null ? null : new TaskRouter { SourceAppID = "a", TargetAppID = app };
}
