using System.Globalization;
using MeshWorkflow.Sidecar.Looks;
using MeshWorkflow.Sidecar.Storage;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>One process per state file; the second is told who has it. Looking into it is always possible.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-second-").FullName;

    [Fact]
    public async Task Open_WhileAnotherProcessHasIt_IsRefusedByNameUntilThatIsGone()
    {
        var stateFile = Path.Combine(_folder, "state.db");
        using (var sidecar = await Victim.SidecarAsync(stateFile, Victim.FreePort()))
        {
            var refusal = Assert.Throws<StateFileException>(() => Database.Open(stateFile));
            Assert.Contains($"process {sidecar.Id.ToString(CultureInfo.InvariantCulture)} (", refusal.Message, StringComparison.Ordinal);
            using var view = StateView.Open(stateFile);
            Assert.Empty(view.List(app: null, status: null, limit: 1));
        }

        await Database.Open(stateFile).DisposeAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
