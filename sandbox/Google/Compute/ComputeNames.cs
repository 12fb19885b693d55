using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>Addresses and numbers of Compute Engine's resources.</summary>
internal static class ComputeNames
{
    private const string Base = "https://www.googleapis.com/compute/v1/";

    /// <summary>The address of a resource, by its relative name.</summary>
    public static string Link(string relativeName) => Base + relativeName;

    /// <summary>The relative name in a full or partial address.</summary>
    public static string Relative(string link, string project)
    {
        var at = link.IndexOf("projects/", StringComparison.Ordinal);
        return at >= 0 ? link[at..] : $"projects/{project}/{link.TrimStart('/')}";
    }

    public static string NumberOf(string name)
    {
        var number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) >> 1;
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
