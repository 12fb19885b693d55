using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>Texts that must have a form: bytes, quantities and times.</summary>
internal static partial class ValueFormats
{
    /// <summary>What a server says of a text that hasn't its format's form. Null: it has.</summary>
    public static string? Mistake(string format, string text) => format switch
    {
        "byte" when !Base64.IsValid(text) => "illegal base64 data",
        "quantity" when !Quantity().IsMatch(text) => "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "date-time" when !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) =>
            $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\"",
        _ => null,
    };

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?\z")]
    private static partial Regex Quantity();
}
