using System.Text.RegularExpressions;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage;

/// <summary>A version of the mesh, as Google writes it.</summary>
/// <param name="Release">Of the release, such as <c>1.23.3-asm.2</c>.</param>
/// <param name="Configuration">Of the configuration for it, such as <c>1.23.3-asm.2+config1</c>.</param>
public sealed partial record MeshVersion(string Release, string Configuration)
{
    /// <summary>The default revision's name: <c>asm-1233-2</c>.</summary>
    public string Revision
    {
        get
        {
            var parts = Form().Match(Configuration).Groups;
            return $"asm-{parts[1].Value}{parts[2].Value}{parts[3].Value}-{parts[4].Value}";
        }
    }

    /// <summary>Reads a version. Without <c>+configN</c> it is the first configuration's.</summary>
    /// <param name="text">The version.</param>
    /// <returns>The version.</returns>
    /// <exception cref="MeshException">It is none: <c>VERSION_INVALID</c>.</exception>
    public static MeshVersion Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            throw new MeshException(
                "VERSION_INVALID", $"'{text}' is no version of the mesh.", "Write it as 1.23.3-asm.2 or 1.23.3-asm.2+config1.");
        }

        return new MeshVersion(text.Split('+')[0], match.Groups[5].Success ? text : $"{text}+config1");
    }

    [GeneratedRegex(@"^([0-9]+)\.([0-9]+)\.([0-9]+)-asm\.([0-9]+)(\+config[0-9]+)?\z")]
    private static partial Regex Form();
}
