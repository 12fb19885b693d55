using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage;

/// <summary>What a package's istioctl runs on, in the words of Google's archives: <c>linux-amd64</c>, <c>osx</c>.</summary>
public static class PackagePlatform
{
    /// <summary>A script runs anywhere.</summary>
    public const string Any = "any";

    private const int Head = 20;

    /// <summary>The platforms that Google has archives for.</summary>
    public static IReadOnlyList<string> Known { get; } = ["linux-amd64", "osx"];

    /// <summary>This machine's.</summary>
    public static string Here => (OperatingSystem.IsMacOS(), OperatingSystem.IsWindows(), RuntimeInformation.OSArchitecture) switch
    {
        (true, _, _) => "osx",
        (_, true, _) => "win",
        (_, _, Architecture.X64) => "linux-amd64",
        (_, _, var other) => $"linux-{other.ToString().ToLowerInvariant()}",
    };

    /// <summary>Tells what a program runs on, by its first bytes.</summary>
    /// <param name="path">The program.</param>
    /// <returns>The platform; what is no program is told as <c>unknown</c>.</returns>
    public static string Of(string path)
    {
        var head = new byte[Head];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(head, Head, throwOnEndOfStream: false) switch
        {
            >= 2 when head is [(byte)'#', (byte)'!', ..] => Any,
            >= 2 when head is [(byte)'M', (byte)'Z', ..] => "win",
            Head when head is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => $"linux-{Machine(head)}",
            Head when BinaryPrimitives.ReadUInt32LittleEndian(head) is 0xfeedfacf or 0xbebafeca => "osx",
            _ => "unknown",
        };
    }

    // e_machine, in the order of bytes that e_ident says.
    private static string Machine(byte[] head) => (head[5] == 2
        ? BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(18))
        : BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18))) switch
    {
        62 => "amd64",
        183 => "arm64",
        var other => FormattableString.Invariant($"machine-{other}"),
    };

    /// <exception cref="MeshException">The package is another platform's: <c>PACKAGE_PLATFORM_MISMATCH</c>.</exception>
    internal static void Check(Package package, string wanted)
    {
        if (package.Platform is Any || package.Platform == wanted)
        {
            return;
        }

        throw new MeshException(
            "PACKAGE_PLATFORM_MISMATCH",
            $"The istioctl of {package.Sources[0].Address} is for {package.Platform}, not for {wanted}.",
            $"Build the package for where it is used: meshwf package build --platform {wanted}.");
    }
}
