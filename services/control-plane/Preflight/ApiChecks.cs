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
            var off = await reads.GetAsync(
                $"apis/{project.Project}/{string.Join(",", project.Services)}",
                token => OffAsync(project, token),
                isLasting: off => off.Count == 0,
                cancellationToken);
            checks.Add(off.Count == 0
                ? Checks.ApisEnabled.Pass($"In {project.Project} are enabled: {string.Join(", ", project.Services)}.")
                : Checks.ApisDisabled.Missing(request.Facts, Ahead.Apis, $"In {project.Project} are off: {string.Join(", ", off)}."));
        }

        return checks;
    }

    private async Task<IReadOnlyList<string>> OffAsync(ProjectApis project, CancellationToken cancellationToken)
    {
        var states = await services.StatesAsync(project.Project, project.Services, cancellationToken);
        return [.. project.Services.Where(name => states.GetValueOrDefault(name) != "ENABLED")];
    }
}
