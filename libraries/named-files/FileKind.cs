using System.Runtime.InteropServices;

namespace MeshWorkflow.NamedFiles;

/// <summary>What a path leads to, asked without opening it: .NET tells a named pipe from a file only when it has it open.</summary>
internal static partial class FileKind
{
    private const int OfTheWorkingFolder = -100;
    private const uint TypeOnly = 1;
    private const int Answer = 256;

    // Where the type of a file stands in statx's answer on every Linux, and in stat's on macOS.
    private const int LinuxMode = 28;
    private const int MacMode = 4;
    private const int TypeBits = 0xF000;

    /// <returns>What it is; <see langword="null"/>: a regular file, nothing at all, or it can't be told.</returns>
    public static string? OtherThanRegular(string path) => TypeOf(path) switch
    {
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0x4000 => "a folder",
        0xC000 => "a socket",
        _ => null,
    };

    private static int TypeOf(string path)
    {
        Span<byte> answer = stackalloc byte[Answer];
        try
        {
            var (result, mode) = OperatingSystem.IsLinux() ? (StatX(OfTheWorkingFolder, path, 0, TypeOnly, answer), LinuxMode)
                : OperatingSystem.IsMacOS() ? (RuntimeInformation.ProcessArchitecture is Architecture.X64 ? StatOfMacX64(path, answer) : StatOfMac(path, answer), MacMode)
                : (-1, 0);
            return result == 0 ? BitConverter.ToUInt16(answer[mode..]) & TypeBits : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> answer);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatOfMac(string path, Span<byte> answer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatOfMacX64(string path, Span<byte> answer);
}
