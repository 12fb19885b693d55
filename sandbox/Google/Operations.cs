using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>What takes time: begins, runs for a while, and has its effect at the end.</summary>
/// <param name="gate">Keeps ends and calls apart.</param>
/// <param name="journal">Where ends are noted.</param>
/// <param name="faults">What is to go wrong: operations fail at their end, or end late, or never.</param>
/// <param name="time">The clock.</param>
/// <param name="duration">How long one takes.</param>
internal sealed class Operations(WorldGate gate, Journal journal, Faults faults, TimeProvider time, TimeSpan duration) : ISavedPart
{
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    public IEnumerable<Operation> All => _operations.Values;

    /// <summary>Those that haven't ended.</summary>
    public IEnumerable<Operation> Running => _operations.Values.Where(operation => operation.Ended is null);

    public string SavedAs => "operations";

    public Operation? Find(string name) => _operations.GetValueOrDefault(name);

    /// <summary>The operation that runs on a resource, or null.</summary>
    public Operation? RunningOn(string target) =>
        _operations.Values.FirstOrDefault(operation => operation.Target == target && operation.Ended is null);

    /// <summary>An id as most APIs draw them.</summary>
    public string NewId() => string.Create(
        CultureInfo.InvariantCulture, $"operation-{time.GetUtcNow().ToUnixTimeMilliseconds()}-{RandomNumberGenerator.GetHexString(13, lowercase: true)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");

    /// <summary>Begins an operation. To be called while the call that begins it is handled.</summary>
    /// <param name="call">The call.</param>
    /// <param name="start">What it is.</param>
    /// <param name="end">Its effect: notes what it changed, and answers what came of it.</param>
    public Operation Begin(ApiCall call, OperationStart start, Func<List<string>, OperationEnd> end)
    {
        var operation = new Operation(start, call.Principal, time.GetUtcNow());
        _operations.Add(operation.Name, operation);
        call.Aftermath = RunAsync(call, operation, end);
        return operation;
    }

    /// <summary>Stops an operation that still runs: it has no effect.</summary>
    public void Cancel(Operation operation)
    {
        if (operation.Ended is null)
        {
            operation.Start.Undo();
            operation.End(new OperationEnd(Code: "CANCELLED", Message: "The operation was cancelled."), time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    /// <remarks>Only what has ended can be saved: a save waits for the others.</remarks>
    public JsonNode Save() => SavedJson.Write(_operations.Values.Where(operation => operation.Ended is not null).Select(operation => new SavedOperation(
        operation.Start.Parent,
        operation.Id,
        operation.Target,
        operation.Verb,
        operation.Start.Resources,
        operation.Principal,
        operation.Begun,
        operation.Ended ?? operation.Begun,
        operation.Result ?? new OperationEnd())));

    /// <inheritdoc/>
    /// <remarks>What is under way ends without an effect: what it was about is as it was saved.</remarks>
    public Action Read(JsonNode saved)
    {
        var restored = SavedJson.Read<IReadOnlyList<SavedOperation>>(saved).Select(Restored).DistinctBy(operation => operation.Name).ToList();
        return () =>
        {
            foreach (var running in Running.ToList())
            {
                running.End(new OperationEnd(Code: "CANCELLED", Message: "The world was put back to a saved state."), time.GetUtcNow());
            }

            _operations.Clear();
            restored.ForEach(operation => _operations.Add(operation.Name, operation));
        };
    }

    private static Operation Restored(SavedOperation saved)
    {
        var start = new OperationStart(saved.Parent, saved.Id, saved.Target, saved.Verb) { Resources = saved.Resources };
        var operation = new Operation(start, saved.Principal, saved.Begun);
        operation.End(saved.Result, saved.Ended);
        return operation;
    }

    private async Task RunAsync(ApiCall begun, Operation operation, Func<List<string>, OperationEnd> end)
    {
        await Task.Delay(duration, time, CancellationToken.None);
        var fate = faults.MeetEnd(new ApiCall
        {
            Api = begun.Api,
            Method = ApiMethods.OperationEnd,
            Began = begun.Method,
            Resource = operation.Target,
            Principal = operation.Principal,
            Handle = _ => throw new InvalidOperationException("An operation's end is no call."),
        });
        if (fate.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fate.Delay, time, CancellationToken.None);
        }

        await Task.WhenAll(fate.Withdrawn);
        lock (gate.Gate)
        {
            if (operation.Ended is not null)
            {
                return;
            }

            var effects = new List<string>();
            operation.End(FailureOf(fate, operation, effects) ?? end(effects), time.GetUtcNow());
            journal.AddEnd(begun.Api, operation.Target, effects);
        }
    }

    private static OperationEnd? FailureOf(OperationFate fate, Operation operation, List<string> effects)
    {
        if (fate.Failure is not { } failure)
        {
            return null;
        }

        operation.Start.Undo();
        effects.Add($"failed {operation.Target}");
        return new OperationEnd(Code: failure.Code, Message: failure.Message);
    }

    private sealed record SavedOperation(
        string Parent,
        string Id,
        string Target,
        string Verb,
        IReadOnlyList<string> Resources,
        string Principal,
        DateTimeOffset Begun,
        DateTimeOffset Ended,
        OperationEnd Result);
}

/// <summary>What an operation is.</summary>
/// <param name="Parent">What its name begins with.</param>
/// <param name="Id">The rest of its name.</param>
/// <param name="Target">The full name of the resource that it works on.</param>
/// <param name="Verb">What it does.</param>
internal sealed record OperationStart(string Parent, string Id, string Target, string Verb)
{
    /// <summary>What else it is about, where one resource isn't all.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Takes back what its beginning changed, if it fails or is cancelled.</summary>
    public Action Undo { get; init; } = () => { };
}

/// <summary>An operation.</summary>
internal sealed class Operation(OperationStart start, string principal, DateTimeOffset begun)
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OperationStart Start { get; } = start;

    public string Name { get; } = start.Parent + start.Id;

    public string Id => Start.Id;

    public string Target => Start.Target;

    public string Verb => Start.Verb;

    public string Principal { get; } = principal;

    public DateTimeOffset Begun { get; } = begun;

    public DateTimeOffset? Ended { get; private set; }

    public OperationEnd? Result { get; private set; }

    /// <summary>Ends when it has ended.</summary>
    public Task Completed => _completed.Task;

    public void End(OperationEnd result, DateTimeOffset at)
    {
        (Result, Ended) = (result, at);
        _completed.SetResult();
    }

    /// <summary>Adds to its picture whether and how it ended, as google.longrunning has it.</summary>
    public JsonObject ShowEnd(JsonObject shown, bool showRunning)
    {
        if (Ended is not null || showRunning)
        {
            shown["done"] = Ended is not null;
        }

        if (Result is { Code: not null })
        {
            shown["error"] = Result.ShowError();
        }
        else if (Result is { Response: { } response })
        {
            shown["response"] = response.DeepClone();
        }

        return shown;
    }
}

/// <summary>What came of an operation: a response, or why it failed.</summary>
/// <param name="Response">The response.</param>
/// <param name="Code">The canonical code of the failure.</param>
/// <param name="Message">Why it failed.</param>
/// <param name="Details">More about the failure.</param>
internal sealed record OperationEnd(JsonObject? Response = null, string? Code = null, string? Message = null, JsonObject? Details = null)
{
    public static OperationEnd Empty { get; } = new(new JsonObject { ["@type"] = "type.googleapis.com/google.protobuf.Empty" });

    /// <summary>Ends with a resource.</summary>
    public static OperationEnd Of(string type, JsonObject resource)
    {
        var response = new JsonObject { ["@type"] = $"type.googleapis.com/{type}" };
        foreach (var (name, value) in resource)
        {
            response[name] = value?.DeepClone();
        }

        return new OperationEnd(response);
    }

    /// <summary>The failure as google.rpc.Status.</summary>
    public JsonObject ShowError()
    {
        var error = new JsonObject { ["code"] = GoogleErrors.NumberOf(Code ?? "UNKNOWN"), ["message"] = Message };
        if (Details is not null)
        {
            error["details"] = new JsonArray(Details.DeepClone());
        }

        return error;
    }
}
