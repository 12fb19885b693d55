using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Files;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Reads what goes wrong.</summary>
internal static class ActFields
{
    private static readonly Dictionary<string, Func<FieldReader, FaultAct>> Inner = new(StringComparer.Ordinal)
    {
        ["refuse"] = Refuse,
        ["delay"] = Delay,
        ["hang"] = fields => new Hang(PointOf(fields), fields.DurationOrNone("for")),
        ["quota"] = Quota,
        ["operation"] = Operation,
        ["pods"] = Pods,
        ["vanish"] = fields => new Vanish(
            fields.Text("cluster"), fields.OneOf("what", "cluster", "cluster", "api-server") == "api-server", fields.DurationOrNone("for")),
        ["stale"] = fields => new Stale(fields.Duration("for")),
        ["partial"] = fields => new PartialList(fields.Texts("locations")),
        ["propagation"] = Propagation,
        ["edit"] = Edit,
    };

    private static readonly string[] Plain = ["reset", "otherWriter", "expireToken"];

    private static IEnumerable<string> All => Inner.Keys.Concat(Plain);

    public static FaultAct Read(FieldReader fields)
    {
        var found = All.Where(fields.Has).ToList();
        if (found.Count != 1)
        {
            fields.Problem("", found.Count == 0
                ? $"it doesn't say what goes wrong: write one of {string.Join(", ", All)}"
                : $"it says {string.Join(" and ", found)}: make a fault of each");
        }

        // Each is read, so that mistakes in all of them are told.
        var acts = found.ConvertAll(name => Plain.Contains(name) ? PlainAct(name, fields) : fields.Inner(name, Inner[name]));
        return acts.FirstOrDefault() ?? new Refuse(new FaultSpec());
    }

    private static FaultAct PlainAct(string name, FieldReader fields)
    {
        if (name == "reset")
        {
            return new Reset(fields.OneOf(name, "before-effect", "before-effect", "after-effect") == "after-effect");
        }

        if (!fields.Flag(name, true))
        {
            fields.Problem(name, "write true, or take it away");
        }

        return name == "otherWriter" ? new OtherWriter() : new ExpireToken();
    }

    private static Refuse Refuse(FieldReader fields)
    {
        var code = fields.TextOrNone("code");
        if (code is { Length: > 0 } && code.Contains('_', StringComparison.Ordinal) && !GoogleErrors.Names.Contains(code))
        {
            fields.Problem("code", $"'{code}' is no code of Google's APIs: write one of {string.Join(", ", GoogleErrors.Names)}, or a reason of Kubernetes such as Conflict");
        }

        var status = fields.Number("status", code is null ? 503 : GoogleErrors.HttpOf(code));
        if (status is < 400 or > 599)
        {
            fields.Problem("status", $"{status} is no status of a refusal: write one from 400 to 599");
        }

        return new Refuse(new FaultSpec
        {
            Status = status,
            Code = code ?? GoogleErrors.Names.FirstOrDefault(name => GoogleErrors.HttpOf(name) == status) ?? "UNKNOWN",
            Reason = fields.TextOrNone("reason"),
            Message = fields.Text("message", "The fault plan wants it so."),
            RetryAfterSeconds = Seconds(fields, "retryAfter"),
        });
    }

    private static Slow Delay(FieldReader fields)
    {
        if (fields.Has("median"))
        {
            var (median, p99) = (fields.Duration("median"), fields.Duration("p99"));
            if (median <= TimeSpan.Zero || p99 < median)
            {
                fields.Problem("p99", "it must be as long as 'median' or longer, and 'median' longer than nothing");
            }

            return new Slow(new Latency(median, median, median, p99));
        }

        var from = fields.Duration("from");
        var to = fields.DurationOrNone("to") ?? from;
        if (to < from)
        {
            fields.Problem("to", "it is shorter than 'from': swap them");
        }

        return new Slow(new Latency(from, to));
    }

    private static HoldPoint PointOf(FieldReader fields) => fields.OneOf("point", "before-effect", "before-effect", "after-effect", "before-answer") switch
    {
        "after-effect" => HoldPoint.AfterEffect,
        "before-answer" => HoldPoint.BeforeAnswer,
        _ => HoldPoint.BeforeEffect,
    };

    private static Quota Quota(FieldReader fields)
    {
        int[] limits = [fields.Number("calls", 0), fields.Number("running", 0), fields.Number("streams", 0)];
        if (limits.Any(limit => limit < 0) || limits.Count(limit => limit > 0) != 1)
        {
            fields.Problem("", "write either 'calls' and 'per', or 'running', or 'streams', each 1 or more");
        }

        var per = fields.DurationOrNone("per") ?? TimeSpan.FromMinutes(1);
        if (per <= TimeSpan.Zero)
        {
            fields.Problem("per", "it must be longer than nothing: write 1m");
        }

        var by = fields.OneOf("by", "project", "project", "location", "authority", "caller", "all") switch
        {
            "location" => QuotaBy.Location,
            "authority" => QuotaBy.Authority,
            "caller" => QuotaBy.Caller,
            "all" => QuotaBy.All,
            _ => QuotaBy.Project,
        };
        var message = limits[1] > 0 ? "Too many requests are currently being executed" : "Quota exceeded.";
        return new Quota(new QuotaLimit(limits[0], per, limits[1], limits[2]), by, GoogleQuotas.Exhausted(fields.Text("message", message), Seconds(fields, "retryAfter")));
    }

    private static FaultAct Operation(FieldReader fields)
    {
        var end = fields.OneOf("end", "fail", "fail", "late", "never");
        if (end == "fail")
        {
            var code = fields.Text("code", "INTERNAL");
            if (!GoogleErrors.Names.Contains(code))
            {
                fields.Problem("code", $"'{code}' is no code of Google's APIs: write one of {string.Join(", ", GoogleErrors.Names)}");
            }

            return new OperationFails(code, fields.Text("message", "The fault plan wants it so."));
        }

        return new OperationLate(end == "late" ? fields.Duration("by") : null);
    }

    private static PodsUnready Pods(FieldReader fields) => new(
        fields.TextOrNone("namespace"),
        fields.Text("name", ""),
        fields.Text("reason", ""),
        fields.Text("message", "Readiness probe failed: the fault plan wants it so."),
        fields.DurationOrNone("for"));

    private static Propagation Propagation(FieldReader fields)
    {
        var propagation = new Propagation(fields.DurationOrNone("grants"), fields.DurationOrNone("apis"));
        if (propagation is { Grants: null, Apis: null })
        {
            fields.Problem("", "write 'grants', 'apis', or both, each with a duration");
        }

        return propagation;
    }

    private static Edit Edit(FieldReader fields)
    {
        var (cluster, api) = (fields.Text("cluster", ""), fields.TextOrNone("api"));
        if ((cluster.Length > 0) == (api is not null and not "kubernetes"))
        {
            fields.Problem("", "write either 'cluster', for an object in it, or 'api', for one of Google's APIs");
        }

        return new Edit(
            cluster.Length > 0 ? "kubernetes" : api ?? "",
            cluster,
            fields.Text("as", OtherHands.Somebody),
            fields.OneOf("method", "PATCH", "GET", "POST", "PUT", "PATCH", "DELETE"),
            fields.Text("path"),
            fields.Text("contentType", cluster.Length > 0 ? "application/merge-patch+json" : "application/json"),
            fields.Object("body"),
            fields.OneOf("when", "before", "before", "after") == "after");
    }

    private static int? Seconds(FieldReader fields, string name) =>
        fields.DurationOrNone(name) is { } duration ? (int)Math.Ceiling(duration.TotalSeconds) : null;
}
