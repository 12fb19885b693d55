namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>A refusal to order.</summary>
public sealed record FaultSpec
{
    /// <summary>Which calls it meets.</summary>
    public CallMatch Match { get; init; } = new();

    /// <summary>How many of them; null: all, until it is taken away.</summary>
    public int? Times { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 403;

    /// <summary>The canonical code of Google's APIs, or the reason of a Kubernetes Status.</summary>
    public string Code { get; init; } = "PERMISSION_DENIED";

    /// <summary>The reason of Google's <c>ErrorInfo</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The message.</summary>
    public string Message { get; init; } = "The caller does not have permission";

    /// <summary>After how many seconds to come back.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>The refusals on order.</summary>
internal sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Ordered> _ordered = [];
    private int _last;

    public string Order(FaultSpec spec)
    {
        lock (_gate)
        {
            var id = $"fault-{++_last}";
            _ordered.Add(id, new Ordered(spec, spec.Times));
            return id;
        }
    }

    public bool Cancel(string id)
    {
        lock (_gate)
        {
            return _ordered.Remove(id);
        }
    }

    /// <summary>The refusal that meets a call, or null. Each meeting counts.</summary>
    public FaultSpec? Meet(ApiCall call)
    {
        lock (_gate)
        {
            var (id, ordered) = _ordered.FirstOrDefault(pair => pair.Value.Left is null or > 0 && pair.Value.Spec.Match.Fits(call));
            if (ordered is null)
            {
                return null;
            }

            _ordered[id] = ordered with { Left = ordered.Left - 1 };
            return ordered.Spec;
        }
    }

    private sealed record Ordered(FaultSpec Spec, int? Left);
}
