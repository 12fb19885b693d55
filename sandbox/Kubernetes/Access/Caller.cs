namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Who calls an API server.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Groups">The groups that the user is in.</param>
internal sealed record Caller(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Who brings no credentials at all.</summary>
    public static Caller Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>The cluster's own controllers.</summary>
    public static Caller System { get; } = new("system:kube-controller-manager", ["system:masters", "system:authenticated"]);

    /// <summary>The user's identifier, where there is one.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Google's name of the caller, as in a policy; empty: the caller is not Google's.</summary>
    public string GooglePrincipal { get; init; } = "";
}
