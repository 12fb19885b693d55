using System.Diagnostics;

namespace MeshWorkflow.Tests;

/// <summary>Named pipes that nobody writes into: who opens one waits for ever.</summary>
internal static class NamedPipe
{
    /// <summary>How long what is to be refused at once may take.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);

    /// <summary>Makes one.</summary>
    /// <returns>Its path.</returns>
    public static string At(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
