namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>Finds what somebody may have meant.</summary>
public static class NearestName
{
    // Nobody mistypes more.
    private const int Longest = 100;

    /// <summary>The known name that is nearest to a wrong one; null: none is near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="known">The names that there are.</param>
    /// <returns>The name.</returns>
    public static string? Of(string wrong, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        if (wrong.Length > Longest)
        {
            return null;
        }

        var best = known
            .Select(name => (Name: name, Distance: Distance(wrong.ToLowerInvariant(), name)))
            .OrderBy(one => one.Distance)
            .ThenBy(one => one.Name.Length)
            .ThenBy(one => one.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, wrong.Length / 3) ? best.Name : null;
    }

    // Letters to change, add, leave out or swap; a name that begins as the wrong one does, or ends so, is one step away.
    private static int Distance(string wrong, string name)
    {
        if (wrong.Length >= 3 && (name.StartsWith(wrong, StringComparison.Ordinal) || name.EndsWith(wrong, StringComparison.Ordinal)))
        {
            return 1;
        }

        var rows = new int[wrong.Length + 1, name.Length + 1];
        for (var i = 0; i <= wrong.Length; i++)
        {
            for (var j = 0; j <= name.Length; j++)
            {
                rows[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (wrong[i - 1] == name[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && wrong[i - 1] == name[j - 2] && wrong[i - 2] == name[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[wrong.Length, name.Length];
    }
}
