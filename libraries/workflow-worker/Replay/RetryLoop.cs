namespace Dapr.Workflow.Replay;

/// <summary>Repeats a failing call as its policy says; every pause is a durable timer of the workflow's.</summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(
        WorkflowRetryPolicy? policy, Func<DateTime> now, Func<Task<T>> call, Func<TimeSpan, Task> pause)
    {
        if (policy is null)
        {
            return await call();
        }

        var first = now();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (WorkflowTaskFailedException) when (
                attempt + 1 < policy.MaxNumberOfAttempts && !IsOver(policy, first, now()) && Delay(policy, attempt) > TimeSpan.Zero)
            {
                await pause(Delay(policy, attempt));
            }
        }
    }

    private static bool IsOver(WorkflowRetryPolicy policy, DateTime first, DateTime now) =>
        policy.RetryTimeout != Timeout.InfiniteTimeSpan && now - first >= policy.RetryTimeout;

    private static TimeSpan Delay(WorkflowRetryPolicy policy, int attempt)
    {
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, attempt);
        var longest = (policy.MaxRetryInterval ?? TimeSpan.FromDays(3650)).Ticks;
        return TimeSpan.FromTicks(ticks < longest ? (long)ticks : longest);
    }
}
