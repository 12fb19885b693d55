using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>What a sandbox keeps in its folder: where it is, and what only its owner may read.</summary>
internal static class SandboxFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Credentials(string folder) => Path.Combine(folder, "credentials.json");

    public static string Keys(string folder) => Path.Combine(folder, "keys");

    public static string Key(string folder, string account) => Path.Combine(Keys(folder), $"{account}.json");

    public static string AdminToken(string folder) => Path.Combine(folder, "admin-token");

    public static string Kubeconfig(string folder) => Path.Combine(folder, "kubeconfig");

    public static string Addresses(string folder) => Path.Combine(folder, "sandbox.json");

    public static string Settings(string folder) => Path.Combine(folder, "up.json");

    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
        }
    }

    public static byte[] MakeAdminToken(string folder)
    {
        var token = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));
        WriteForOwner(AdminToken(folder), token);
        return token;
    }

    public static void Write(string folder, SandboxAddresses addresses)
    {
        WriteForOwner(addresses.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(new
        {
            GoogleCloud = new { BaseAddress = addresses.Google, addresses.CredentialsFile },
            MeshPackage = new { Release = addresses.PackageRelease, Configuration = addresses.PackageConfiguration },
        }));
        WriteForOwner(Addresses(folder), JsonSerializer.SerializeToUtf8Bytes(addresses, JsonSerializerOptions.Web));
    }

    /// <summary>Writes a file that its owner alone can read, from its first byte on.</summary>
    public static void WriteForOwner(string file, ReadOnlySpan<byte> content)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }

        using var stream = new FileStream(file, options);
        stream.Write(content);
    }
}
