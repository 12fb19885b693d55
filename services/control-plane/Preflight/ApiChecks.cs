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
            var states = await reads.GetAsync(
                $"apis/{project.Project}/{string.Join(",", project.Services)}",
                token => services.StatesAsync(project.Project, project.Services, token),
                cancellationToken);
            var off = project.Services.Where(name => states.GetValueOrDefault(name) != "ENABLED").ToList();
            checks.Add(off.Count == 0
                ? Checks.ApisEnabled.Pass($"In {project.Project} are enabled: {string.Join(", ", project.Services)}.")
                : Checks.ApisDisabled.Missing(request.Facts, Ahead.Apis, $"In {project.Project} are off: {string.Join(", ", off)}."));
        }

        return checks;
    }
}
