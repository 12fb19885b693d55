namespace Dapr.Workflow;

/// <summary>What deterministic code may ask about the run it is in.</summary>
public interface IWorkflowContext
{
    /// <summary>Whether the code is going over what happened in an earlier turn.</summary>
    bool IsReplaying { get; }

    /// <summary>The time of the current turn, UTC; the same in every replay.</summary>
    DateTime CurrentUtcDateTime { get; }

    /// <summary>
    /// Whether new code that is guarded by this name may run: true for instances that reach the call for the first time after
    /// the change and for those which did so before, false for those that had passed the place already.
    /// </summary>
    /// <param name="patchName">The name of the change; never reused, removed or reordered while instances are in flight.</param>
    /// <returns>Whether the patched code runs.</returns>
    bool IsPatched(string patchName);
}
