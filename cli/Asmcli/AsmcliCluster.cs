using System.Text.RegularExpressions;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>Which cluster the flags mean, and how it is reached.</summary>
internal sealed partial record AsmcliCluster
{
    public string? Project { get; private init; }

    public string? Location { get; private init; }

    public string? Name { get; private init; }

    public string? Kubeconfig { get; private init; }

    public string? Context { get; private init; }

    /// <summary>The membership that names the cluster, in the place of project and location; null: it is known.</summary>
    public string? Member { get; private init; }

    public bool IsElsewhere { get; private init; }

    /// <summary>Finds the cluster.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="mistakes">Gets what is wrong.</param>
    public static AsmcliCluster Of(FlagValues flags, ICollection<Mistake> mistakes)
    {
        var isElsewhere = flags[Flags.Platform]?.ToLowerInvariant() == "multicloud";
        AsmcliFlag[] triple = [Flags.Project, Flags.Cluster, Flags.Location];
        var given = triple.Where(flags.Has).ToList();
        if (flags.Has(Flags.Kubeconfig))
        {
            foreach (var flag in given)
            {
                mistakes.Add(new Mistake(flag.Long, "NOT_TOGETHER", $"and {Flags.Kubeconfig.Long} exclude each other", "Name the cluster in one of both ways."));
            }

            return OfKubeconfig(flags, isElsewhere, mistakes);
        }

        if (isElsewhere)
        {
            mistakes.Add(new Mistake(Flags.Kubeconfig.Long, "REQUIRED", "is required: the cluster isn't on Google Cloud", "Name the kubeconfig that reaches it."));
        }
        else
        {
            foreach (var flag in triple.Except(given))
            {
                mistakes.Add(new Mistake(flag.Long, "REQUIRED", "is required", $"Give it a value, or name the cluster by {Flags.Kubeconfig.Long}."));
            }
        }

        return new AsmcliCluster
        {
            Project = flags[Flags.Project],
            Location = flags[Flags.Location],
            Name = flags[Flags.Cluster],
            IsElsewhere = isElsewhere,
        };
    }

    private static AsmcliCluster OfKubeconfig(FlagValues flags, bool isElsewhere, ICollection<Mistake> mistakes)
    {
        var path = Path.GetFullPath(flags[Flags.Kubeconfig] ?? "");
        if (FlagFiles.Check(Flags.Kubeconfig, path, "Check the path; '~' means nothing here.") is { } mistake)
        {
            mistakes.Add(mistake);
            return new AsmcliCluster { IsElsewhere = isElsewhere, Kubeconfig = path };
        }

        var contexts = Kubeconfigs.Read(path, out var why);
        var context = flags[Flags.Context] ?? contexts?.Current;
        if (contexts is null)
        {
            mistakes.Add(new Mistake(Flags.Kubeconfig.Long, "WRONG_FORMAT", $"'{Echo.Of(path)}' is no kubeconfig: {why}", "Name the file that kubectl uses."));
        }
        else if (context is null)
        {
            mistakes.Add(new Mistake(Flags.Context.Long, "REQUIRED", $"is required: '{Echo.Of(path)}' has no current context", "Name one of its contexts."));
        }
        else if (!contexts.Clusters.TryGetValue(context, out var cluster))
        {
            mistakes.Add(new Mistake(
                Flags.Context.Long, "CONTEXT_UNKNOWN", $"'{Echo.Of(context)}' is no context of '{Echo.Of(path)}'", $"It has: {string.Join(", ", contexts.Clusters.Keys)}."));
        }
        else if (isElsewhere)
        {
            return new AsmcliCluster { IsElsewhere = true, Kubeconfig = path, Context = context, Name = flags[Flags.Membership] ?? LabelOf(context) };
        }
        else if (cluster.Split('_') is ["gke", var project, var location, var name])
        {
            return new AsmcliCluster { Project = project, Location = location, Name = name, Kubeconfig = path, Context = context };
        }
        else if (cluster.Split('_') is ["connectgateway", var fleet, var place, var membership])
        {
            // Which cluster that is the services ask; the file isn't needed: they have the address from the fleet.
            return new AsmcliCluster { Project = fleet, Name = membership, Member = $"projects/{fleet}/locations/{place}/memberships/{membership}" };
        }
        else
        {
            mistakes.Add(new Mistake(
                Flags.Kubeconfig.Long,
                "CLUSTER_UNKNOWN",
                $"the context '{Echo.Of(context)}' names the cluster '{Echo.Of(cluster)}', which doesn't say which cluster of Google Cloud it is",
                "Use a context that 'gcloud container clusters get-credentials' (or 'fleet memberships get-credentials') has made, name the cluster by project, location and name, or say --platform multicloud."));
        }

        return new AsmcliCluster { IsElsewhere = isElsewhere, Kubeconfig = path, Context = context };
    }

    private static string LabelOf(string context)
    {
        var label = NoLabel().Replace(context.ToLowerInvariant(), "-").Trim('-');
        return label.Length == 0 ? "cluster" : (label.Length <= 63 ? label : label[..63]).TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLabel();
}
