namespace MeshWorkflow.Workflows.Preflights;

/// <summary>Whether the mesh can be installed on the clusters of a request. Made by reading alone.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="Clusters">The clusters, in the order of the request.</param>
/// <param name="Counts">How many clusters ended how.</param>
internal sealed record PreflightView(string Name, IReadOnlyList<PreflightedCluster> Clusters, PreflightCounts Counts);

/// <summary>What preflight found of one cluster.</summary>
/// <param name="Cluster"><c>P/L/C</c>.</param>
/// <param name="Verdict">The worst of its checks: pass, notice, unknown or refuse. What is unknown until a step of the rollout counts as a notice.</param>
/// <param name="Checks">All of its checks, in the order in which they were made.</param>
internal sealed record PreflightedCluster(string Cluster, string Verdict, IReadOnlyList<PreflightLine> Checks);

/// <summary>One check.</summary>
/// <param name="Code">UPPER_SNAKE_CASE, stable.</param>
/// <param name="Verdict">pass, notice, unknown or refuse.</param>
/// <param name="About">What it is about.</param>
/// <param name="Message">What was found.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Link">Where to read more.</param>
/// <param name="UnknownUntil">The step after which it can be told.</param>
internal sealed record PreflightLine(
    string Code, string Verdict, string About, string Message, string? Remedy = null, string? Link = null, string? UnknownUntil = null);

/// <summary>How many clusters ended how.</summary>
/// <param name="Passed">Nothing stops them.</param>
/// <param name="Unknown">Something can't be told yet, and nothing stops them that can.</param>
/// <param name="Refused">They can't get the mesh as it is.</param>
internal sealed record PreflightCounts(int Passed, int Unknown, int Refused);
