namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The words and flags of <c>istioctl tag</c>: values behind a space or <c>=</c>.</summary>
internal sealed class TagArguments
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["-r"] = "--revision",
        ["-c"] = "--kubeconfig",
        ["-i"] = "--istioNamespace",
        ["-o"] = "--output",
        ["-y"] = "--skip-confirmation",
    };

    private static readonly string[] WithValue = ["revision", "kubeconfig", "context", "istioNamespace", "output", "webhook-name"];
    private static readonly string[] Switches = ["overwrite", "skip-confirmation", "auto-inject-namespaces"];
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);

    public List<string> Words { get; } = [];

    public string? this[string flag] => _flags.GetValueOrDefault(flag);

    public bool IsOn(string flag) => this[flag] == "true";

    /// <exception cref="FormatException">There is no such flag, or its value is missing.</exception>
    public static TagArguments Read(IReadOnlyList<string> arguments)
    {
        var read = new TagArguments();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith('-'))
            {
                read.Words.Add(arguments[i]);
                continue;
            }

            var parts = Short.GetValueOrDefault(arguments[i], arguments[i]).TrimStart('-').Split('=', 2);
            read._flags[parts[0]] = parts switch
            {
                [var name, var value] when WithValue.Contains(name) || Switches.Contains(name) => value,
                [var name] when Switches.Contains(name) => "true",
                [var name] when WithValue.Contains(name) => ++i < arguments.Count ? arguments[i] : throw new FormatException($"flag needs an argument: --{name}"),
                _ => throw new FormatException($"unknown flag: {arguments[i]}"),
            };
        }

        return read;
    }
}
