using System.Runtime.CompilerServices;
using Dapr.Workflow;
using MeshWorkflow.Tests.Conformance.AnyWorker;

namespace MeshWorkflow.Tests.Conformance.Surface;

/// <summary>
/// Section C of the contract: the surface that programs are compiled against. The stored list is our library's, to the last
/// parameter name; the official package has all of it, and more.
/// </summary>
public sealed class SurfaceTests
{
    private const string RecordVariable = "MESHWF_RECORD_SURFACE";

    [Fact]
    public void Surface_OfTheLibrary_IsTheStoredOne()
    {
        var surface = PublicSurface.Of(typeof(DaprWorkflowClient).Assembly, typeof(Workflow<,>).Assembly);
        if (!WorkerUnderTest.IsOfficial && Environment.GetEnvironmentVariable(RecordVariable) == "1")
        {
            File.WriteAllLines(Stored(), surface);
        }

        var stored = File.ReadAllLines(Stored());
        Assert.True(stored.Length > 200);
        Assert.Empty(stored.Except(surface));
        if (!WorkerUnderTest.IsOfficial)
        {
            Assert.Empty(surface.Except(stored));
        }
    }

    private static string Stored([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "public-surface.txt");
}
