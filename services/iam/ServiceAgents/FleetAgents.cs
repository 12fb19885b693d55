namespace MeshWorkflow.Iam.ServiceAgents;

/// <summary>Google's own accounts that a fleet works with in the projects of its clusters.</summary>
/// <param name="Service">The API that has the account.</param>
/// <param name="Domain">Where the account is.</param>
/// <param name="Role">The role that it needs on a cluster project.</param>
internal sealed record FleetAgent(string Service, string Domain, string Role)
{
    public static IReadOnlyList<FleetAgent> All { get; } =
    [
        new("gkehub.googleapis.com", "gcp-sa-gkehub.iam.gserviceaccount.com", "roles/gkehub.serviceAgent"),
        new("meshconfig.googleapis.com", "gcp-sa-servicemesh.iam.gserviceaccount.com", "roles/anthosservicemesh.serviceAgent"),
    ];

    /// <summary>The account of a fleet.</summary>
    public string Email(string fleetNumber) => $"service-{fleetNumber}@{Domain}";

    public string Member(string fleetNumber) => $"serviceAccount:{Email(fleetNumber)}";
}
