using MeshWorkflow.Protos.Certificates.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>certificates</c>, and what each is to bring about in a project of a request.</summary>
internal static class Certificates
{
    public const string AppId = "certificates";

    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        new(
            new StepName(AppId, "mesh-ca"),
            (request, scope) => Iam.HasMesh(request, scope)
                ? new MeshCaSpec
                {
                    Project = scope.Name,
                    FleetProject = request.FleetProject,
                    WorkloadIdentityPools = { Iam.PoolsOf(request, scope.Name) },
                    CheckOnly = !Iam.Allows(request, enable => enable.Components || enable.MeshConfig),
                    EnablesApis = Iam.Allows(request, enable => enable.Apis),
                }
                : null,
            IsLong: true),
    ];
}
