using System.Runtime.CompilerServices;

namespace MeshWorkflow.Tests.Package.Options;

/// <summary>What a test expects, in a file beside it. <c>UPDATE_GOLDEN_FILES=1</c> rewrites the files.</summary>
internal static class GoldenFile
{
    public static void Check(string name, string actual, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN_FILES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"There is no {file}; UPDATE_GOLDEN_FILES=1 writes it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
