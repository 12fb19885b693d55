using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>
/// The file that says which digest each archive must have: a line <c>SHA-256  address</c> for each. What it does not name is added
/// at first use.
/// </summary>
internal sealed class PackageLock(string path)
{
    private const int DigestLength = 64;

    /// <summary>The digest that an archive must have; null: the file does not say.</summary>
    /// <exception cref="MeshException">The file has a line that is none: <c>PACKAGE_LOCK_INVALID</c>.</exception>
    public string? Find(string address) => Read().GetValueOrDefault(address);

    /// <summary>Adds an archive that the file does not name.</summary>
    public void Record(string address, string digest)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (Read().ContainsKey(address))
        {
            return;
        }

        // In one piece: a process that is killed here leaves the file as it was. What another adds at the same moment may get lost; it is
        // added at its next use.
        var half = $"{path}.{Environment.ProcessId}.half";
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        File.WriteAllText(half, $"{text}{(text is "" or [.., '\n'] ? "" : "\n")}{digest}  {address}\n");
        File.Move(half, path, overwrite: true);
    }

    private Dictionary<string, string> Read()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: DigestLength } digest, var address] || !digest.All(char.IsAsciiHexDigit))
            {
                throw new MeshException(
                    "PACKAGE_LOCK_INVALID",
                    FormattableString.Invariant($"Line {i + 1} of {path} is no 'SHA-256  address'."),
                    "Mend or remove the line.");
            }

            found[address] = digest.ToLowerInvariant();
        }

        return found;
    }
}
