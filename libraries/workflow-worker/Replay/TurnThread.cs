namespace Dapr.Workflow.Replay;

/// <summary>
/// The one thread that a turn's code runs on, from start to end. Code that turns up anywhere else awaited something foreign: a
/// replay would not see it there again, so it gets no further.
/// </summary>
internal sealed class TurnThread(string workflow, Action foreign)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _ended;
    private int _reported;

    public bool IsCurrent => !_ended && Environment.CurrentManagedThreadId == _thread;

    /// <summary>Stops code that is not on the turn's thread, or comes after its end.</summary>
    /// <exception cref="ForeignAwaitException">It is such code.</exception>
    public void Verify()
    {
        if (!IsCurrent)
        {
            throw Foreign();
        }
    }

    /// <summary>Says, once per turn, that the code awaits something foreign.</summary>
    /// <returns>The failure that this is.</returns>
    public ForeignAwaitException Foreign()
    {
        if (Interlocked.Exchange(ref _reported, 1) == 0)
        {
            foreign();
        }

        return new ForeignAwaitException(workflow);
    }

    public void End() => _ended = true;
}
