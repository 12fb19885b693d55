using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Steps.Calls;

/// <summary>Runs calls whose answer is an outcome: with a deadline, with the call on every log line, with troubles of the world as outcomes.</summary>
public sealed partial class OutcomeCalls
{
    // What a call has not done by then it never does: compensation counts on that.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly StepLocks _locks = new();
    private readonly Epochs _epochs;
    private readonly WorldTroubles _troubles;
    private readonly GoogleCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly ILogger<OutcomeCalls> _logger;

    internal OutcomeCalls(Epochs epochs, WorldTroubles troubles, GoogleCredentials credentials, TimeProvider time, ILogger<OutcomeCalls> logger)
    {
        _epochs = epochs;
        _troubles = troubles;
        _credentials = credentials;
        _time = time;
        _logger = logger;
    }

    /// <summary>Runs a call that may write: one at a time per scope and step.</summary>
    /// <param name="call">The call.</param>
    /// <param name="method">What it does, for the log.</param>
    /// <param name="write">Does it; enters the gate before every write.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    /// <param name="limit">How long it may take; absent: as long as every call.</param>
    /// <returns>The outcome.</returns>
    public Task<Outcome> WriteAsync(
        Call? call,
        string method,
        Func<WriteGate, CancellationToken, Task<Outcome>> write,
        CancellationToken cancellationToken,
        TimeSpan? limit = null) =>
        RunAsync(
            call,
            method,
            async (known, token) =>
            {
                using var taken = await _locks.TakeAsync(known, token);
                return await write(new WriteGate(_epochs, known, _time), token);
            },
            cancellationToken,
            limit);

    /// <summary>Runs a call that only reads.</summary>
    /// <param name="call">The call.</param>
    /// <param name="method">What it does, for the log.</param>
    /// <param name="read">Does it.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    /// <param name="longest">How long it may take; absent: as long as every call.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> RunAsync(
        Call? call,
        string method,
        Func<Call, CancellationToken, Task<Outcome>> read,
        CancellationToken cancellationToken,
        TimeSpan? longest = null)
    {
        if (call is null)
        {
            return Outcomes.Refused("CALL_INCOMPLETE", "The request does not say which call it is.", "Fill its field 'call'.");
        }

        _credentials.ActAs(call.KeyFile);
        using var scope = Log.Call(_logger, LedgerKeys.Run(call.Rollout, call.Generation), call.Scope, call.Step, call.Attempt);
        using var limit = new CancellationTokenSource(longest ?? Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await read(call, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Outcomes.Wait(_time.GetUtcNow(), $"{method} was not through after {(longest ?? Limit).TotalSeconds:0} s");
        }
        catch (Exception exception) when (_troubles.ToOutcome(exception) is { } outcome)
        {
            Log.Trouble(_logger, method, outcome.OutcomeCase, exception.Message);
            return outcome;
        }
    }

    private static partial class Log
    {
        /// <summary>What every line of a call carries.</summary>
        public static readonly Func<ILogger, string, string, string, int, IDisposable?> Call =
            LoggerMessage.DefineScope<string, string, string, int>("Rollout:{Rollout} Scope:{Scope} Step:{Step} Attempt:{Attempt}");

        [LoggerMessage(LogLevel.Information, "{Method} ends in {Outcome}: {Message}")]
        public static partial void Trouble(ILogger logger, string method, Outcome.OutcomeOneofCase outcome, string message);
    }
}
