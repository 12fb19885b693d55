using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>What takes time: begins, runs for a while, and has its effect at the end.</summary>
internal sealed class Operations(WorldGate gate, Journal journal, TimeProvider time, TimeSpan duration)
{
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    public Operation? Find(string name) => _operations.GetValueOrDefault(name);

    /// <summary>The operation that runs on a resource, or null.</summary>
    public Operation? RunningOn(string target) =>
        _operations.Values.FirstOrDefault(operation => operation.Target == target && operation.Ended is null);

    /// <summary>Begins an operation. To be called while the call that begins it is handled.</summary>
    /// <param name="call">The call.</param>
    /// <param name="parent">What its name begins with.</param>
    /// <param name="target">The full name of the resource that it works on.</param>
    /// <param name="verb">What it does.</param>
    /// <param name="end">Its effect: notes what it changed, and answers what came of it.</param>
    public Operation Begin(ApiCall call, string parent, string target, string verb, Func<List<string>, OperationEnd> end)
    {
        var begun = time.GetUtcNow();
        var id = string.Create(
            CultureInfo.InvariantCulture, $"operation-{begun.ToUnixTimeMilliseconds()}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        var operation = new Operation(parent + id, id, target, verb, begun);
        _operations.Add(operation.Name, operation);
        call.Aftermath = RunAsync(call.Api, operation, end);
        return operation;
    }

    private async Task RunAsync(string api, Operation operation, Func<List<string>, OperationEnd> end)
    {
        await Task.Delay(duration, time, CancellationToken.None);
        lock (gate.Gate)
        {
            var effects = new List<string>();
            operation.Result = end(effects);
            operation.Ended = time.GetUtcNow();
            journal.AddEnd(api, operation.Target, effects);
        }
    }
}

/// <summary>An operation.</summary>
internal sealed class Operation(string name, string id, string target, string verb, DateTimeOffset begun)
{
    public string Name { get; } = name;

    public string Id { get; } = id;

    public string Target { get; } = target;

    public string Verb { get; } = verb;

    public DateTimeOffset Begun { get; } = begun;

    public DateTimeOffset? Ended { get; set; }

    public OperationEnd? Result { get; set; }
}

/// <summary>What came of an operation: a response, or why it failed.</summary>
/// <param name="Response">The response.</param>
/// <param name="Code">The canonical code of the failure.</param>
/// <param name="Message">Why it failed.</param>
internal sealed record OperationEnd(JsonObject? Response = null, string? Code = null, string? Message = null);

/// <summary>How times are written.</summary>
internal static class Times
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
