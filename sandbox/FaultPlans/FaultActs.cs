using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>What goes wrong.</summary>
internal abstract record FaultAct;

/// <summary>Calls are refused.</summary>
/// <param name="Answer">How.</param>
internal sealed record Refuse(FaultSpec Answer) : FaultAct;

/// <summary>Calls take longer.</summary>
/// <param name="Latency">How much.</param>
internal sealed record Slow(Latency Latency) : FaultAct;

/// <summary>Connections break.</summary>
/// <param name="AfterEffect">Whether what was asked for has happened by then.</param>
internal sealed record Reset(bool AfterEffect) : FaultAct;

/// <summary>Calls hang until they are let go by the fault's name.</summary>
/// <param name="Point">Where.</param>
/// <param name="For">How long at most; null: for as long as nobody lets them go.</param>
internal sealed record Hang(HoldPoint Point, TimeSpan? For) : FaultAct;

/// <summary>Only so many calls are served.</summary>
/// <param name="Limit">How many.</param>
/// <param name="By">For whom each.</param>
/// <param name="Answer">How the others are refused.</param>
internal sealed record Quota(QuotaLimit Limit, QuotaBy By, FaultSpec Answer) : FaultAct
{
    /// <summary>Certificate authorities of one tier alone; empty: all.</summary>
    public string Tier { get; init; } = "";
}

/// <summary>Operations fail at their end.</summary>
/// <param name="Code">The canonical code.</param>
/// <param name="Message">The message.</param>
internal sealed record OperationFails(string Code, string Message) : FaultAct;

/// <summary>Operations end late.</summary>
/// <param name="By">By how much; null: not before the fault is taken back.</param>
internal sealed record OperationLate(TimeSpan? By) : FaultAct;

/// <summary>Pods don't become ready.</summary>
/// <param name="Namespace">Those of one namespace; null: of all.</param>
/// <param name="Name">What their names begin with; empty: all.</param>
/// <param name="Reason">Such as <c>ImagePullBackOff</c>; empty: they run and aren't ready.</param>
/// <param name="Message">Why.</param>
/// <param name="For">For how long; null: until the fault is taken back.</param>
internal sealed record PodsUnready(string? Namespace, string Name, string Reason, string Message, TimeSpan? For) : FaultAct;

/// <summary>A cluster vanishes, and comes back.</summary>
/// <param name="Cluster">Its name, or its relative name.</param>
/// <param name="ServerOnly">Whether Google's APIs still know it.</param>
/// <param name="For">For how long; null: until the fault is taken back.</param>
internal sealed record Vanish(string Cluster, bool ServerOnly, TimeSpan? For) : FaultAct;

/// <summary>Reads answer what the same read answered a while ago.</summary>
/// <param name="Lag">How old an answer may be.</param>
internal sealed record Stale(TimeSpan Lag) : FaultAct;

/// <summary>Somebody else writes the same resource right before a call does.</summary>
internal sealed record OtherWriter : FaultAct;

/// <summary>The caller's token is valid no more.</summary>
internal sealed record ExpireToken : FaultAct;

/// <summary>Lists over all locations leave locations out, and say so.</summary>
/// <param name="Locations">Which; empty: one of those that have something.</param>
internal sealed record PartialList(IReadOnlyList<string> Locations) : FaultAct;

/// <summary>What was granted or enabled takes its time to be in force.</summary>
/// <param name="Grants">Roles.</param>
/// <param name="Apis">APIs.</param>
internal sealed record Propagation(TimeSpan? Grants, TimeSpan? Apis) : FaultAct;

/// <summary>Somebody changes something by a call of their own.</summary>
/// <param name="Api">Google's short name of the API, or <c>kubernetes</c>.</param>
/// <param name="Cluster">The cluster, for Kubernetes.</param>
/// <param name="As">Who, as in a policy.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, and the query.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The body.</param>
/// <param name="IsAfter">Whether it comes after the call that it waits for.</param>
internal sealed record Edit(string Api, string Cluster, string As, string Method, string Path, string ContentType, JsonNode? Body, bool IsAfter) : FaultAct;
