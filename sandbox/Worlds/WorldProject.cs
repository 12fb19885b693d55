namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>A project.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number.</param>
/// <param name="Name">What people call it.</param>
public sealed record WorldProject(string Id, long Number, string Name)
{
    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The APIs that are enabled in it, by short name.</summary>
    public IReadOnlyList<string> Services { get; init; } =
        ["cloudresourcemanager", "compute", "connectgateway", "container", "gkehub", "iam", "iamcredentials", "serviceusage"];

    /// <summary>Whether a billing account pays for it: without one some APIs can't be enabled.</summary>
    public bool Billing { get; init; } = true;

    /// <summary>Who has which role in it. What Google's own agents get with an API comes by itself.</summary>
    public IReadOnlyList<WorldBinding> Policy { get; init; } = [];

    /// <summary>Its service accounts.</summary>
    public IReadOnlyList<WorldServiceAccount> ServiceAccounts { get; init; } = [];

    /// <summary>Its networks. Those that its clusters name are there too.</summary>
    public IReadOnlyList<WorldNetwork> Networks { get; init; } = [];

    /// <summary>Its firewall rules. GKE's own for private clusters come by themselves.</summary>
    public IReadOnlyList<WorldFirewall> Firewalls { get; init; } = [];

    /// <summary>Its CA pools.</summary>
    public IReadOnlyList<WorldCaPool> CaPools { get; init; } = [];

    /// <summary>Its certificate templates.</summary>
    public IReadOnlyList<WorldCertificateTemplate> CertificateTemplates { get; init; } = [];

    /// <summary>Whether its fleet has the Service Mesh feature.</summary>
    public bool ServiceMeshFeature { get; init; }
}

/// <summary>A role and who has it.</summary>
/// <param name="Role">The role.</param>
/// <param name="Members">Who has it: <c>user:ann@example.com</c>, <c>serviceAccount:…</c>.</param>
public sealed record WorldBinding(string Role, IReadOnlyList<string> Members)
{
    /// <summary>The condition's expression; null: always.</summary>
    public string? Condition { get; init; }

    /// <summary>What the condition is called.</summary>
    public string ConditionTitle { get; init; } = "condition";
}

/// <summary>A service account.</summary>
/// <param name="Name">The part of its address before the <c>@</c>.</param>
public sealed record WorldServiceAccount(string Name)
{
    /// <summary>What people call it.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Whether a key of it is written, too: <c>keys/ADDRESS.json</c> in the sandbox's folder.</summary>
    public bool HasKey { get; init; }

    /// <summary>Who has which role on it.</summary>
    public IReadOnlyList<WorldBinding> Policy { get; init; } = [];
}

/// <summary>A network.</summary>
/// <param name="Name">Its name.</param>
public sealed record WorldNetwork(string Name)
{
    /// <summary>Its subnetworks, as <c>region/name</c>.</summary>
    public IReadOnlyList<string> Subnetworks { get; init; } = [];
}

/// <summary>A firewall rule that lets traffic in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Network">Its network's name.</param>
public sealed record WorldFirewall(string Name, string Network)
{
    /// <summary>What people wrote about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where traffic may come from.</summary>
    public IReadOnlyList<string> SourceRanges { get; init; } = [];

    /// <summary>The nodes that it may go to.</summary>
    public IReadOnlyList<string> TargetTags { get; init; } = [];

    /// <summary>What may pass: <c>tcp:443,10250</c>, or <c>icmp</c>.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Its priority, 0 to 65535.</summary>
    public int Priority { get; init; } = 1000;
}
