namespace MeshWorkflow.Cli.Machine;

/// <summary>Where one machine keeps what is durable, and what its commands need to find it. Its owner alone may look into it.</summary>
internal sealed class StateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public StateFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        StateFile = In("state.db");
        TokenFile = In("api-token");
        AddressFile = In("api-address");
        PackageFile = In("mesh-package.json");
    }

    /// <summary><c>$MESHWF_HOME</c>, or <c>.meshworkflow</c> in the user's home.</summary>
    public static string Default => Environment.GetEnvironmentVariable("MESHWF_HOME") is { Length: > 0 } home
        ? home
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".meshworkflow");

    public string Path { get; }

    /// <summary>Everything durable.</summary>
    public string StateFile { get; }

    /// <summary>The token of the REST API.</summary>
    public string TokenFile { get; }

    /// <summary>Where the REST API of the running process is.</summary>
    public string AddressFile { get; }

    /// <summary>Where the running process has mesh packages from, for commands that keep one for people.</summary>
    public string PackageFile { get; }

    public void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, Owner);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
