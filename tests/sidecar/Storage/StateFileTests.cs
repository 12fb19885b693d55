using MeshWorkflow.Sidecar.Storage;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Storage;

public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-state-").FullName;

    private string StateFile => Path.Combine(_folder, "state.db");

    [Fact]
    public async Task Open_InUse_NamesTheProcess()
    {
        await using var first = Database.Open(StateFile);
        var refusal = Assert.Throws<StateFileException>(() => Database.Open(StateFile));
        Assert.Contains($"process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AfterTheOwnerClosed_Opens()
    {
        await Database.Open(StateFile).DisposeAsync();
        await Database.Open(StateFile).DisposeAsync();
        Assert.True(File.Exists(StateFile));
    }

    [Fact]
    public async Task Open_NewerVersion_IsRefusedAndLeftUntouched()
    {
        await Database.Open(StateFile).DisposeAsync();
        Execute("PRAGMA user_version = 9999");
        var before = await File.ReadAllBytesAsync(StateFile, TestContext.Current.CancellationToken);
        var refusal = Assert.Throws<StateFileException>(() => Database.Open(StateFile));
        Assert.Contains("version 9999", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(StateFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_IsRefusedAndLeftUntouched()
    {
        Execute("CREATE TABLE theirs (a)");
        var before = File.ReadAllBytes(StateFile);
        Assert.Contains("another program", Assert.Throws<StateFileException>(() => Database.Open(StateFile)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(StateFile));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public async Task Open_Damaged_IsRefusedAndLeftUntouched(int offset)
    {
        await using (var database = Database.Open(StateFile))
        {
            for (var i = 0; i < 200; i++)
            {
                var key = $"key-{i}";
                await database.CommitAsync(writer => writer.Run("INSERT INTO state VALUES (?1, ?2, 1, NULL)", key, new byte[200]));
            }
        }

        var damaged = await File.ReadAllBytesAsync(StateFile, TestContext.Current.CancellationToken);
        damaged.AsSpan(offset, 4000).Fill(0xA5);
        await File.WriteAllBytesAsync(StateFile, damaged, TestContext.Current.CancellationToken);
        Assert.Contains("damaged", Assert.Throws<StateFileException>(() => Database.Open(StateFile)).Message, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(StateFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Open_New_IsReadableByItsOwnerAlone()
    {
        await Database.Open(StateFile).DisposeAsync();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
        }
        else
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StateFile));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={StateFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
