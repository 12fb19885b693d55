using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>What others made and took away during a run, by the journal.</summary>
internal sealed class OthersWork
{
    /// <summary>What others do carries this in its name or value: the sandbox's other writers, and the people of the drawn plans.</summary>
    public const string Mark = "somebody-else";

    private const string Deployments = "/apps/deployments/";
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public OthersWork(IEnumerable<JournalEntry> journal)
    {
        foreach (var effect in journal.Where(Is).SelectMany(EffectsOf))
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

    /// <summary>Whether others took away a resource, what it was in, or what it belonged to.</summary>
    public bool HasTaken(string resource) =>
        _taken.Any(taken => resource == taken || resource.StartsWith($"{taken}/", StringComparison.Ordinal) || resource.StartsWith(OwnedBy(taken, "pods"), StringComparison.Ordinal)
            || resource.StartsWith(OwnedBy(taken, "apps/replicasets"), StringComparison.Ordinal));

    // A membership goes by an operation that is nobody's.
    private static IEnumerable<string> EffectsOf(JournalEntry entry) => entry is { Method: "memberships.delete", Status: 200 } ? [$"deleted {entry.Resource}"] : entry.Effects;

    // How the names begin of what a deployment owns; of anything else nothing does.
    private static string OwnedBy(string taken, string kind) =>
        taken.Contains(Deployments, StringComparison.Ordinal) ? $"{taken.Replace(Deployments, $"/{kind}/", StringComparison.Ordinal)}-" : $"{taken}/";
}
