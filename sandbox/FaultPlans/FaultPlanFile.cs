using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Files;
using YamlDotNet.Core;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Reads plans of faults from YAML. The format is described in <c>docs/sandbox.md</c>.</summary>
internal static class FaultPlanFile
{
    private const int MaxFaults = 1000;

    // What an operation, a pod, a propagation has is no call: nothing of a call can be asked of it.
    private static readonly string[] Calls = ["after", "times", "chance"];

    /// <exception cref="FaultPlanException">The text is none; every mistake is told.</exception>
    public static FaultPlan Read(string text, string name)
    {
        YamlTree tree;
        try
        {
            using var reader = new StringReader(text);
            tree = new YamlTree(reader);
        }
        catch (YamlException exception)
        {
            throw new FaultPlanException(name, [$"line {exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}"]);
        }

        var problems = new List<string>();
        var fields = new FieldReader(tree.Root, "", tree, problems);
        var seed = fields.Number("seed", 0);
        var isMetered = fields.OneOf("quotas", "none", "none", "google") == "google";
        var faults = fields.Each("faults", Fault).Select((fault, i) => Named(fault, i)).ToList();
        fields.Close();
        Check(faults, fields);
        return problems.Count == 0
            ? new FaultPlan(seed, isMetered ? [.. faults, .. GoogleQuotas.All] : faults)
            : throw new FaultPlanException(name, problems);
    }

    private static PlannedFault Named(PlannedFault fault, int i) => fault with
    {
        Name = fault.Name.Length > 0 ? fault.Name : string.Create(CultureInfo.InvariantCulture, $"plan-{i + 1}"),
        Path = string.Create(CultureInfo.InvariantCulture, $"faults[{i}]"),
    };

    private static void Check(List<PlannedFault> faults, FieldReader fields)
    {
        if (faults.Count > MaxFaults)
        {
            fields.Problem("faults", $"there are {faults.Count}; at most {MaxFaults} are possible: use wildcards in 'method', and 'chance'");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fault in faults.Where(fault => !seen.Add(fault.Name)))
        {
            fields.Problem($"{fault.Path}.name", $"'{fault.Name}' stands here for the second time: give each fault a name of its own");
        }
    }

    private static PlannedFault Fault(FieldReader fields)
    {
        var match = fields.Inner("match", Match) ?? new CallMatch();
        var act = ActFields.Read(fields);
        var fault = new PlannedFault(fields.Text("name", ""), match, act)
        {
            After = fields.Number("after", 0),
            Times = fields.Has("times") ? fields.Number("times", 1) : act is Edit or Vanish ? 1 : null,
            Chance = fields.Share("chance", 1),
            At = fields.DurationOrNone("at"),
        };
        if (fault.After < 0 || fault.Times < 1)
        {
            fields.Problem(fault.After < 0 ? "after" : "times", "a count was expected: write 0 or more for 'after', 1 or more for 'times'");
        }

        if (act is Edit or Vanish)
        {
            if (fault.At is null && !fields.Has("match"))
            {
                fields.Problem("", "nothing makes it happen: write 'at' (0s: at once), or 'match' for the call that it waits for");
            }
        }
        else if (fault.At is not null)
        {
            fields.Problem("at", "only 'edit' and 'vanish' happen by themselves: take it away");
        }

        if (act is PodsUnready or Propagation)
        {
            foreach (var name in Calls.Where(name => fields.Has(name) && (name != "chance" || act is Propagation)))
            {
                fields.Problem(name, "it is about calls, and this fault isn't: take it away");
            }
        }

        return fault;
    }

    private static CallMatch Match(FieldReader fields) => new(fields.TextOrNone("api"), fields.TextOrNone("method"), fields.TextOrNone("resource"))
    {
        Project = fields.TextOrNone("project"),
        Cluster = fields.TextOrNone("cluster"),
        Caller = fields.TextOrNone("caller"),
        Kind = fields.OneOf("kind", "any", "any", "read", "write") switch
        {
            "read" => CallKind.Read,
            "write" => CallKind.Write,
            _ => null,
        },
    };
}
