using System.CommandLine;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Options that are addresses.</summary>
internal static class Addresses
{
    public static Option<Uri?> Option(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"{name}: '{text}' is no address. Use one such as http://127.0.0.1:8080/.");
            return null;
        },
    };
}
