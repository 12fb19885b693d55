using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Steps.Policies;

namespace MeshWorkflow.Iam.Policies;

/// <summary>The policies of projects.</summary>
internal sealed class ProjectPolicies(ResourceManagerApi projects)
{
    public PolicyGrants Of(string project) => new(
        $"//cloudresourcemanager.googleapis.com/projects/{project}",
        cancellationToken => projects.GetPolicyAsync(project, cancellationToken),
        (policy, cancellationToken) => projects.SetPolicyAsync(project, policy, cancellationToken),
        "A member must exist, and a role must be one that projects know. Check spec.identity.member.");
}
