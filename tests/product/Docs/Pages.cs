using System.Runtime.CompilerServices;

namespace MeshWorkflow.Tests.Product.Docs;

/// <summary>Where the sources and their pages are.</summary>
internal static class Pages
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file) ?? "", "../../.."));
}
