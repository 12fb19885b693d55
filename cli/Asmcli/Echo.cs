using System.Text.RegularExpressions;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>What people gave, said back to them: on one line, not endless, and nothing that looks like a secret.</summary>
internal static partial class Echo
{
    private const int Most = 200;

    /// <summary>Says a value back.</summary>
    /// <param name="text">The value.</param>
    public static string Of(string text) => Secret().IsMatch(text) ? "(hidden: it looks like a secret)" : VisibleText.Of(text, Most);

    // PEM; Google's access, refresh and API keys; JSON Web Tokens; keys of service accounts; credentials in addresses and kubeconfigs.
    [GeneratedRegex(
        """-----BEGIN|\bya29\.|\b1//[\w-]{10}|\bAIza[\w-]{20}|\bGOCSPX-|\beyJ[\w-]+\.|private_key|refresh_token|client-key-data|://[^/\s@]+:[^/\s@]+@|\b(token|password|secret|passwd)\b["']?\s*[:=]""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
