using System.Diagnostics;

namespace MeshWorkflow.Tests.Product.Docs;

/// <summary>A shell in which <c>meshwf</c> is the command that was built, and the product under test is the one that it finds.</summary>
internal sealed class DocShell : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-docs-").FullName;
    private readonly string _state;

    public DocShell(string state)
    {
        _state = state;
        Directory.CreateDirectory(Bin);
        var dotnet = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "dotnet"))
            .First(File.Exists);
        Tool("meshwf", $"""exec "{dotnet}" exec "{Path.Combine(AppContext.BaseDirectory, "meshwf.dll")}" "$@" """);
        Tool("asmcli", """exec meshwf "$@" """);
        File.CreateSymbolicLink(Path.Combine(Folder, "asmcli"), Path.Combine(Bin, "asmcli"));
        Tool("dotnet", $"""
            if [ "$1 $2 $3 $4" = "run --project cli --" ]; then shift 4; exec meshwf "$@"; fi
            exec "{dotnet}" "$@"
            """);
    }

    /// <summary>Where commands run.</summary>
    public string Folder => Directory.CreateDirectory(Path.Combine(_folder, "work")).FullName;

    private string Bin => Path.Combine(_folder, "bin");

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The command.</param>
    /// <param name="variables">What is in its environment beside.</param>
    public async Task<(int ExitCode, string Output)> RunAsync(string command, params IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = $"{Bin}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["MESHWF_HOME"] = _state;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Tool(string name, string script)
    {
        var path = Path.Combine(Bin, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Executable);
        }
    }
}
