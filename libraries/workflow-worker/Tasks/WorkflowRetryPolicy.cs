namespace Dapr.Workflow;

/// <summary>
/// When a failed activity or child is tried again. Every failure is retried, whatever its kind; between attempts the workflow
/// sleeps on a durable timer.
/// </summary>
public class WorkflowRetryPolicy
{
    private static readonly TimeSpan AssumedMaxRetryInterval = TimeSpan.FromHours(1);

    /// <summary>Makes a policy.</summary>
    /// <param name="maxNumberOfAttempts">All executions together, the first included; 1 or more.</param>
    /// <param name="firstRetryInterval">The pause before the second attempt; more than zero.</param>
    /// <param name="backoffCoefficient">What each pause is multiplied by to get the next; 1 or more.</param>
    /// <param name="maxRetryInterval">The longest pause; not less than the first. Given none, pauses are not capped (and the first may be 1 hour at most).</param>
    /// <param name="retryTimeout">After this long since the first attempt there is no other; not less than the first pause; no end by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public WorkflowRetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        if (double.IsNaN(backoffCoefficient))
        {
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "The coefficient must be 1 or more.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            maxRetryInterval ?? AssumedMaxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        if (retryTimeout is { } timeout && timeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, firstRetryInterval, nameof(retryTimeout));
        }

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval;
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary>All executions together, the first included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The pause before the second attempt.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>What each pause is multiplied by to get the next.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest pause, or <see langword="null"/>: pauses are not capped.</summary>
    public TimeSpan? MaxRetryInterval { get; }

    /// <summary>The time since the first attempt after which there is no other; <see cref="Timeout.InfiniteTimeSpan"/>: no end.</summary>
    public TimeSpan RetryTimeout { get; }
}
