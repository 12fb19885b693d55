namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>A fault plan can't be used.</summary>
/// <param name="plan">The plan's file.</param>
/// <param name="problems">What is wrong, each by its place, and what to do.</param>
public sealed class FaultPlanException(string plan, IReadOnlyList<string> problems)
    : Exception($"{plan} is no plan of faults for this world:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(problem => $"  {problem}"))}")
{
    /// <summary>What is wrong, each by its place, and what to do.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
