namespace MeshWorkflow.Cli.Asmcli;

/// <summary>A flag of asmcli, or one of ours that goes with them.</summary>
/// <param name="Name">Its name, without the hyphens in front.</param>
/// <param name="Kind">What comes behind it.</param>
/// <param name="Description">What it means.</param>
internal sealed record AsmcliFlag(string Name, FlagKind Kind, string Description)
{
    /// <summary>Other names, hyphens and all.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The environment variable that it has its value from where it isn't given; null: none.</summary>
    public string? Environment { get; init; }

    /// <summary>The variable that must be 1 for <see cref="Environment"/> to be looked at; null: none.</summary>
    public string? OnlyWith { get; init; }

    /// <summary>Whether its value is not to be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it can be written with hyphens in the place of underscores.</summary>
    public bool HasHyphens { get; init; } = true;

    public string Long => $"--{Name}";

    /// <summary>All that it is called, in lower case.</summary>
    public IEnumerable<string> Names => Others.Prepend(Long)
        .Concat(HasHyphens && Name.Contains('_', StringComparison.Ordinal) ? [$"--{Name.Replace('_', '-')}"] : []);
}

/// <summary>What comes behind a flag.</summary>
internal enum FlagKind
{
    /// <summary>A value; given twice, the last one counts.</summary>
    Text,

    /// <summary>A value each time; all count, in order.</summary>
    List,

    /// <summary>Nothing: it is on.</summary>
    Switch,
}
