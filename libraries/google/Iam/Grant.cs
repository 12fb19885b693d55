namespace MeshWorkflow.GoogleCloud.Iam;

/// <summary>One member has one role, without a condition.</summary>
/// <param name="Role">Such as <c>roles/container.admin</c>.</param>
/// <param name="Member">Such as <c>serviceAccount:mesh@my-project.iam.gserviceaccount.com</c>.</param>
public readonly record struct Grant(string Role, string Member)
{
    private static readonly string[] Addressed = ["user:", "serviceAccount:"];

    /// <summary>Whether two members are one: letter case counts for all but addresses, which Google may write in its own.</summary>
    /// <param name="one">A member.</param>
    /// <param name="other">Another.</param>
    /// <returns>Whether they are.</returns>
    public static bool AreSame(string one, string other) => string.Equals(
        one,
        other,
        Addressed.Any(prefix => one?.StartsWith(prefix, StringComparison.Ordinal) is true) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
