using System.Globalization;

namespace MeshWorkflow.Sandbox.Google.Schemas;

/// <summary>How fields may be called.</summary>
internal static class FieldNames
{
    /// <summary>A name in camelCase.</summary>
    public static string Camel(string name) => !name.Contains('_', StringComparison.Ordinal)
        ? name
        : string.Concat(name.Split('_').Select((part, i) =>
            i == 0 || part.Length == 0 ? part : char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..]));
}
