using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.Workflows.Api;

/// <summary>The token of the REST API, kept in a file that its owner alone can read.</summary>
public static class ApiToken
{
    private const int Bytes = 32;

    /// <summary>Reads the token, and makes it where there is none.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidOperationException">The file can be read by others, or is empty.</exception>
    public static string ReadOrMake(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            using var stream = new FileStream(file, Options());
            var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
            stream.Write(Encoding.ASCII.GetBytes(made));
            return made;
        }
        catch (IOException) when (File.Exists(file))
        {
            return Read(file);
        }
    }

    /// <summary>Reads the token.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidOperationException">The file can be read by others, or is empty.</exception>
    public static string Read(string file)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
        {
            throw new InvalidOperationException($"Others can read or write the token file '{file}'. Do: chmod 600 {file}");
        }

        var token = File.ReadAllText(file).Trim();
        return token.Length > 0 ? token : throw new InvalidOperationException($"The token file '{file}' is empty. Remove it; a new one is made at the next start.");
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
