using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>What others made and took away during a run, by the journal.</summary>
internal sealed class OthersWork
{
    /// <summary>What others do carries this in its name or value: the sandbox's other writers, and the people of the drawn plans.</summary>
    public const string Mark = "somebody-else";

    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public OthersWork(IEnumerable<JournalEntry> journal)
    {
        foreach (var effect in journal.Where(Is).SelectMany(entry => entry.Effects))
        {
            if (effect.Split(' ', 2) is ["created", var made])
            {
                _made.Add(made);
                _taken.Remove(made);
            }
            else if (effect.Split(' ', 2) is ["deleted", var taken])
            {
                _taken.Add(taken);
            }
        }
    }

    public IEnumerable<string> Made => _made;

    public static bool Is(JournalEntry entry) => entry.Principal.Contains(Mark, StringComparison.Ordinal);

    /// <summary>Whether others took away a resource, or what it was in.</summary>
    public bool HasTaken(string resource) => _taken.Any(taken => resource == taken || resource.StartsWith($"{taken}/", StringComparison.Ordinal));
}
