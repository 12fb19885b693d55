namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads a request's clusters.</summary>
internal static class ClusterParser
{
    /// <summary>Where clusters are that are not on Google Cloud: no region has that name.</summary>
    public const string Elsewhere = "global";

    private const int MaxClusters = 1_000;
    private static readonly string[] OfGoogleCloud = ["project", "location"];
    private static readonly string[] OfMembers = ["platform", "project", "location", "name", "kubeconfig", "membership"];

    public static IReadOnlyList<ClusterDetail> Parse(RequestReader spec, string fleetProject)
    {
        var usual = Usual(spec);
        var items = spec.Objects("clusters");
        spec.Schema?.Bound("clusters", least: 1, MaxClusters);
        if (items.Count > MaxClusters)
        {
            spec.Wrong("clusters", "TOO_MANY", $"has {items.Count} clusters", $"A rollout takes {MaxClusters} at most: split it.");
        }
        else if (items.Count == 0 && spec.Has("clusters"))
        {
            spec.Wrong("clusters", "EMPTY", "has no cluster", "Name one at least.");
        }

        var details = new List<ClusterDetail>();
        var seen = new HashSet<ClusterRef>();
        foreach (var item in items)
        {
            item.NotYet("selector");
            if (!item.Has("selector") && Cluster(item, fleetProject, usual) is { } detail)
            {
                if (!seen.Add(detail.Cluster))
                {
                    item.Wrong("name", "DUPLICATE", $"{detail.Cluster} is in the list twice", "Name each cluster once.");
                }

                details.Add(detail);
            }

            item.NothingElse();
        }

        return details;
    }

    private static ClusterDetail? Cluster(RequestReader item, string fleetProject, ClusterDetail usual)
    {
        var platform = item.Choice(
            "platform", ClusterPlatform.GoogleCloud, ("gcp", ClusterPlatform.GoogleCloud), ("multicloud", ClusterPlatform.Multicloud));
        var member = Member(item, fleetProject);
        var cluster = member is { } named ? new ClusterRef(fleetProject, named[3], named[5]) : Name(item, platform is ClusterPlatform.Multicloud, fleetProject);
        var detail = new ClusterDetail(cluster ?? new ClusterRef("", "", ""))
        {
            Platform = platform,
            Kubeconfig = Kubeconfig(item, platform is ClusterPlatform.Multicloud),
            Context = item.Text("context", isRequired: false),
            NetworkId = item.Matching(
                "networkId", Formats.LabelValue(), "can't name a network", "Use 1 to 63 letters, digits, hyphens, dots and underscores.", isRequired: false),
            Membership = item.Matching(
                "membership", Formats.DnsLabel(), "can't name a membership", "Use 1 to 63 lower-case letters, digits and hyphens.", isRequired: false),
            HasPrivateIssuer = item.Flag("privateIssuer", otherwise: false),
            Member = member is null ? null : string.Join('/', member),
            ThroughConnectGateway = item.Choice("access", member is not null || (usual.ThroughConnectGateway && !item.Has("kubeconfig")), ("endpoint", false), ("connectGateway", true)),
            HttpsProxy = Proxy(item) ?? usual.HttpsProxy,
        };
        if (detail.Context is not null && detail.Kubeconfig is null)
        {
            item.Wrong("kubeconfig", "REQUIRED", "is required: a context is one of a kubeconfig's", "Name the file, or leave the context out.");
        }

        item.Schema?.When("platform", "multicloud", ["kubeconfig", "name"], ["project", "location", "name"], ["member"]);

        if (detail is { Kubeconfig: not null, ThroughConnectGateway: true })
        {
            item.Wrong("access", "NOT_TOGETHER", "is Connect Gateway, and a kubeconfig leads to the cluster already", "Leave one of both out.");
        }

        if (detail.HasPrivateIssuer && platform is not ClusterPlatform.Multicloud)
        {
            item.Wrong("privateIssuer", "NOT_TOGETHER", "belongs to clusters that are not on Google Cloud", "Leave it out: Google knows the issuer of its own.");
        }

        return cluster is null ? null : detail;
    }

    // The parts of the membership's name; null: the cluster isn't named by it.
    private static string[]? Member(RequestReader item, string fleetProject)
    {
        var member = item.Matching(
            "member", Formats.Membership(), "is no membership", "Write projects/FLEET/locations/LOCATION/memberships/NAME.", isRequired: false)?.Split('/');
        if (member is null)
        {
            return null;
        }

        item.Ask(OfGoogleCloud.Append("name"));
        foreach (var field in OfMembers.Where(item.Has))
        {
            item.Wrong(field, "NOT_TOGETHER", "and member exclude each other", "Name the cluster in one of both ways.");
        }

        if (fleetProject.Length > 0 && member[1] != fleetProject && !member[1].All(char.IsAsciiDigit))
        {
            item.Wrong("member", "OTHER_FLEET", $"is a membership of {member[1]}, and the fleet is {fleetProject}", "Use that fleet, or a member of this one.");
        }

        return member;
    }

    private static ClusterRef? Name(RequestReader item, bool isElsewhere, string fleetProject)
    {
        if (isElsewhere)
        {
            foreach (var field in OfGoogleCloud.Where(item.Has))
            {
                item.Wrong(field, "NOT_TOGETHER", "belongs to clusters on Google Cloud", "Leave it out: the cluster is in the fleet's project.");
            }

            item.Ask(OfGoogleCloud);
            var called = item.Matching("name", Formats.DnsLabel(), "can't name a cluster", "Use 1 to 63 lower-case letters, digits and hyphens.");
            return called is null ? null : new ClusterRef(fleetProject, Elsewhere, called);
        }

        var project = item.Project("project");
        var location = item.Matching("location", Formats.Location(), "is no location", "Use a region such as us-central1, or a zone such as us-central1-a.");
        var name = item.Matching("name", Formats.ClusterName(), "can't name a GKE cluster", "Use 1 to 40 lower-case letters, digits and hyphens; begin with a letter.");
        return project is null || location is null || name is null ? null : new ClusterRef(project, location, name);
    }

    // How clusters are reached that don't say otherwise.
    private static ClusterDetail Usual(RequestReader spec)
    {
        var usual = new ClusterDetail(new ClusterRef("", "", ""));
        if (spec.Object("access", isRequired: false) is not { } access)
        {
            return usual;
        }

        var found = usual with
        {
            ThroughConnectGateway = access.Choice("way", otherwise: false, ("endpoint", false), ("connectGateway", true)),
            HttpsProxy = Proxy(access),
        };
        access.NothingElse();
        return found;
    }

    // It would be in the plan, and in logs.
    private static string? Proxy(RequestReader item)
    {
        var text = item.Text("httpsProxy", isRequired: false);
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var proxy) || proxy.Scheme is not ("http" or "https") || proxy.AbsolutePath != "/")
        {
            item.Wrong("httpsProxy", "WRONG_FORMAT", "is no address of a proxy", "Write it as http://HOST:PORT.");
            return null;
        }

        if (proxy.UserInfo.Length > 0)
        {
            item.Wrong("httpsProxy", "SECRET_SENT", "has credentials in it, and a request is no place for them", "Set HTTPS_PROXY where the services run.");
            return null;
        }

        return text;
    }

    private static string? Kubeconfig(RequestReader item, bool isRequired)
    {
        var path = item.Text("kubeconfig", isRequired);
        if (path is not null && !Path.IsPathFullyQualified(path))
        {
            item.Wrong("kubeconfig", "WRONG_FORMAT", $"'{path}' is no whole path", "Begin at the root folder. meshwf makes paths whole that it sends.");
        }

        return path;
    }
}
