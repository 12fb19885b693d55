namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>When an activity is given to a worker.</summary>
public enum ActivityDispatch
{
    /// <summary>
    /// When its turn is committed: the end of the sidecar's process loses nothing of it. After a loss of power an activity may have run
    /// that the state file does not know of, in the milliseconds before; nobody had been told of its turn.
    /// </summary>
    AfterCommit,

    /// <summary>When its turn is on disk: nothing ever runs that the state file does not know of. Each activity of a chain waits for the disk.</summary>
    AfterFlush,
}
