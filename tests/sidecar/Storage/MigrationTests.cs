using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Sidecar.Workflows;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Storage;

public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-state-").FullName;

    private string StateFile => Path.Combine(_folder, "state.db");

    [Fact]
    public async Task Open_FileOfVersion1_GoesOnWhereItStood()
    {
        WriteVersion1();
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = StateFile, Apps = [new SidecarApp { Id = "a" }] }, TestContext.Current.CancellationToken);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = await RawWorker.ConnectAsync(client);
        var turn = await worker.NextTurnAsync();
        Assert.Equal("old", turn.WorkflowRequest.InstanceId);
        Assert.Equal("\"in\"", turn.WorkflowRequest.NewEvents[1].ExecutionStarted.Input);
        await worker.AnswerAsync(turn, Act.Complete("\"out\""));
        var state = await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "old", GetInputsAndOutputs = true });
        Assert.Equal((OrchestrationStatus.Completed, "\"out\""), (state.WorkflowState.WorkflowStatus, state.WorkflowState.Output));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteVersion1()
    {
        using var connection = new SqliteConnection($"Data Source={StateFile};Pooling=False");
        connection.Open();
        Schema.Migrate(connection, StateFile, version: 1);
        var now = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var started = Arrivals.Started("a", "old", "w", "\"in\"", "execution", now);
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO instance (key, app, id, generation, status, name, created_at, updated_at) VALUES (1, 'a', 'old', 0, 6, 'w', $1, $1);
            INSERT INTO inbox (instance, position, event) VALUES (1, 1, $2);
            """;
        command.Parameters.AddWithValue("$1", now.ToDateTime().Ticks);
        command.Parameters.AddWithValue("$2", started.ToByteArray());
        command.ExecuteNonQuery();
    }
}
