using MeshWorkflow.Tests.Conformance.AnyWorker;
using MeshWorkflow.Workflows.Hosting;

namespace MeshWorkflow.Tests.Workflows.Histories;

/// <summary>
/// Histories of real rollouts, a folder for each version, played to the workflows of today: in every turn they must ask for what was asked
/// then, or a rollout that is under way would break with an upgrade. docs/decisions/0007-stored-histories.md says how to record.
/// </summary>
public sealed class StoredHistoryTests
{
    public static TheoryData<string> Stored => [.. StoredHistory.Names];

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task History_PlayedAgain_AsksForTheSame(string name)
    {
        var history = StoredHistory.Read(name);
        await using var worker = await WorkerUnderTest.StartAsync(RolloutWorkflows.Register);
        for (var turn = 0; turn < history.Turns.Count; turn++)
        {
            var answer = await worker.Sidecar.AskAsync(history.Request(turn));

            var failure = answer.Actions.Select(action => action.CompleteWorkflow?.FailureDetails?.ErrorMessage).FirstOrDefault(message => message is not null);
            Assert.True(failure is null, $"{history.Workflow}, turn {turn}: {failure}");
            Assert.Equal(history.Answer(turn), StoredHistory.Of(answer));
        }
    }

    [Theory]
    [InlineData("ClusterInstall")]
    [InlineData("StageBatch")]
    public async Task History_OfAnotherOrderOfSteps_IsFoundOut(string workflow)
    {
        var history = StoredHistory.Read(StoredHistory.Names.First(name => name.Contains($"/{workflow}.", StringComparison.Ordinal)));
        await using var worker = await WorkerUnderTest.StartAsync(RolloutWorkflows.Register);
        var request = history.Request(history.Turns.Count - 1);
        request.PastEvents.First(happened => happened.TaskScheduled is not null).TaskScheduled.Name = "SomethingElse";

        var answer = await worker.Sidecar.AskAsync(request);

        Assert.Equal("NonDeterminismDetected", answer.Actions.Single().CompleteWorkflow.FailureDetails.ErrorType);
    }

    [Fact]
    public void Histories_Stored_AreOfEveryWorkflow()
    {
        var stored = StoredHistory.Names.Select(name => StoredHistory.Read(name).Workflow).Distinct().Order(StringComparer.Ordinal);
        var workflows = typeof(RolloutWorkflows).Assembly.GetTypes()
            .Where(type => type.BaseType is { IsGenericType: true } based && based.GetGenericTypeDefinition() == typeof(Dapr.Workflow.Workflow<,>))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(workflows, stored);
    }
}
