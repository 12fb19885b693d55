using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>Reads projects and what is in them.</summary>
internal static class ProjectFields
{
    public static WorldProject Read(FieldReader fields)
    {
        var project = new WorldProject(fields.Text("id"), fields.Number("number"), fields.Text("name", ""));
        var services = fields.Texts("services");
        return project with
        {
            Name = project.Name.Length > 0 ? project.Name : project.Id,
            Labels = fields.Map("labels"),
            Services = services.Count > 0 ? services : project.Services,
            Billing = fields.Flag("billing", true),
            Policy = fields.Each("policy", Binding),
            ServiceAccounts = fields.Each("serviceAccounts", account => new WorldServiceAccount(account.Text("name"))
            {
                DisplayName = account.Text("displayName", ""),
                HasKey = account.Flag("key", false),
                Policy = account.Each("policy", Binding),
            }),
            Networks = fields.Each("networks", network => new WorldNetwork(network.Text("name")) { Subnetworks = network.Texts("subnetworks") }),
            Firewalls = fields.Each("firewalls", Firewall),
            CaPools = fields.Each("caPools", CaPool),
            CertificateTemplates = fields.Each("certificateTemplates", template => new WorldCertificateTemplate(template.Text("location"), template.Text("name"))
            {
                Content = template.Object("content") ?? new JsonObject(),
                Policy = template.Each("policy", Binding),
            }),
            ServiceMeshFeature = fields.Flag("serviceMeshFeature", false),
        };
    }

    private static WorldBinding Binding(FieldReader fields) => new(fields.Text("role"), fields.Texts("members"))
    {
        Condition = fields.TextOrNone("condition"),
        ConditionTitle = fields.Text("conditionTitle", "condition"),
    };

    private static WorldFirewall Firewall(FieldReader fields) => new(fields.Text("name"), fields.Text("network"))
    {
        Description = fields.Text("description", ""),
        SourceRanges = fields.Texts("sourceRanges"),
        TargetTags = fields.Texts("targetTags"),
        Allowed = fields.Texts("allowed"),
        Priority = fields.Number("priority", 1000),
    };

    private static WorldCaPool CaPool(FieldReader fields) => new(fields.Text("location"), fields.Text("name"))
    {
        Tier = fields.OneOf("tier", "DEVOPS", "DEVOPS", "ENTERPRISE"),
        IssuancePolicy = fields.Object("issuancePolicy"),
        Policy = fields.Each("policy", Binding),
        Authorities = fields.Each("authorities", authority => new WorldAuthority(authority.Text("name"))
        {
            Type = authority.OneOf("type", "SUBORDINATE", "SUBORDINATE", "SELF_SIGNED"),
            State = authority.OneOf("state", "ENABLED", "ENABLED", "DISABLED", "STAGED", "AWAITING_USER_ACTIVATION"),
        }),
    };
}
