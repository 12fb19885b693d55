using System.Text.Json.Serialization;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>A place where one call is to be held.</summary>
/// <param name="Match">Which call: the first that fits.</param>
/// <param name="Point">Where in it.</param>
/// <param name="Skip">How many that fit are let pass before.</param>
public sealed record HoldSpec(CallMatch Match, HoldPoint Point, int Skip = 0);

/// <summary>A place in a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HoldPoint>))]
public enum HoldPoint
{
    /// <summary>Nothing has changed yet.</summary>
    BeforeEffect,

    /// <summary>The change is there, or its operation has begun; nothing is answered yet.</summary>
    AfterEffect,

    /// <summary>As after the effect, and what the call began has ended.</summary>
    BeforeAnswer,
}

/// <summary>What becomes of a held call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HoldAction>))]
public enum HoldAction
{
    /// <summary>It goes on, even if its caller is long gone.</summary>
    Proceed,

    /// <summary>It ends here, unanswered.</summary>
    Drop,
}

/// <summary>Where a hold stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HoldState>))]
public enum HoldState
{
    /// <summary>No call has come yet.</summary>
    Armed,

    /// <summary>A call is held.</summary>
    Held,

    /// <summary>The call was let go.</summary>
    Released,
}

/// <summary>The places where calls are held.</summary>
internal sealed class Holds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Hold> _holds = [];
    private int _last;

    public string Arm(HoldSpec spec)
    {
        lock (_gate)
        {
            var id = $"hold-{++_last}";
            _holds.Add(id, new Hold(spec));
            return id;
        }
    }

    public Hold? Find(string id)
    {
        lock (_gate)
        {
            return _holds.GetValueOrDefault(id);
        }
    }

    /// <summary>Takes a place away; a call that is held there goes on.</summary>
    public bool Disarm(string id)
    {
        lock (_gate)
        {
            return _holds.Remove(id, out var hold) && hold.Release(HoldAction.Proceed);
        }
    }

    /// <summary>Whether a place is armed for a call.</summary>
    public bool IsArmed(ApiCall call, HoldPoint point)
    {
        lock (_gate)
        {
            return Armed(call, point) is not null;
        }
    }

    /// <summary>Holds a call here, if a place is armed for it.</summary>
    public Task<HoldAction> PassAsync(ApiCall call, HoldPoint point)
    {
        lock (_gate)
        {
            var armed = Armed(call, point);
            return armed is null || armed.Skips() ? Task.FromResult(HoldAction.Proceed) : armed.HoldAsync();
        }
    }

    private Hold? Armed(ApiCall call, HoldPoint point) => _holds.Values.FirstOrDefault(
        hold => hold.State is HoldState.Armed && hold.Spec.Point == point && hold.Spec.Match.Fits(call));

    /// <summary>One place.</summary>
    internal sealed class Hold(HoldSpec spec)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<HoldAction> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = spec.Skip;

        public HoldSpec Spec { get; } = spec;

        public Task Reached => _reached.Task;

        public HoldState State => _released.Task.IsCompleted ? HoldState.Released : _reached.Task.IsCompleted ? HoldState.Held : HoldState.Armed;

        /// <summary>Whether this one is let pass.</summary>
        public bool Skips() => _left > 0 && _left-- > 0;

        public Task<HoldAction> HoldAsync()
        {
            _reached.TrySetResult();
            return _released.Task;
        }

        public bool Release(HoldAction action) => _released.TrySetResult(action);
    }
}
