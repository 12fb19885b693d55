using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Whether the mesh's APIs are enabled in the projects that they are needed in. Read once for all clusters of a project.</summary>
internal sealed class ApiChecks(ServiceUsageApi services, ScopeReads reads)
{
    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        var checks = new List<PreflightCheck>();
        foreach (var project in request.Facts.Apis)
        {
            var key = $"apis/{project.Project}/{string.Join(",", project.Services)}";
            var states = await reads.GetAsync(
                key,
                token => services.StatesAsync(project.Project, project.Services, token),
                cancellationToken);
            var off = project.Services.Where(name => states.GetValueOrDefault(name) != "ENABLED").ToList();
            if (off.Count > 0)
            {
                // Soon a rollout may have enabled them.
                reads.Forget(key);
            }

            checks.Add(off.Count == 0
                ? Checks.ApisEnabled.Pass($"In {project.Project} are enabled: {string.Join(", ", project.Services)}.")
                : Checks.ApisDisabled.Missing(request.Facts, Ahead.Apis, $"In {project.Project} are off: {string.Join(", ", off)}."));
        }

        return checks;
    }
}
