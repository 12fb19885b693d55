using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>gateway</c>. Those of a gateway have its namespace behind their name.</summary>
internal static class Gateway
{
    public const string AppId = "gateway";

    public static IEnumerable<StepDefinition> StepsFor(FleetInstallRequest request) =>
    [
        .. request.Gateways.SelectMany(OfGateway),
        new(
            new StepName(AppId, "injection"),
            (wanted, scope) => wanted.Injection is not { } injection ? null : new InjectionSpec
            {
                Cluster = wanted.GatewayTargetOf(scope),
                Namespaces = { injection.Namespaces },
                Revision = wanted.Mesh.Revision,
                Restart = injection.Restart,
                DefaultTagExpected = true,
            }),
    ];

    private static IEnumerable<StepDefinition> OfGateway(GatewayRequest gateway) =>
    [
        new(
            new StepName(AppId, $"gateway-namespace@{gateway.Namespace}"),
            (wanted, scope) => new GatewayNamespaceSpec
            {
                Cluster = wanted.GatewayTargetOf(scope),
                Namespace = gateway.Namespace,
                Revision = wanted.Mesh.Revision,
                DefaultTagExpected = true,
            }),
        new(
            new StepName(AppId, $"ingress-gateway@{gateway.Namespace}"),
            (wanted, scope) => new IngressGatewaySpec
            {
                Cluster = wanted.GatewayTargetOf(scope),
                Namespace = gateway.Namespace,
                Revision = wanted.Mesh.Revision,
                Package = Package(wanted),
                Manifests = { gateway.Manifests.Select(file => new Manifest { Name = file.Name, Content = file.Content }) },
                LabelExpected = true,
            }),
    ];

    private static MeshPackage Package(FleetInstallRequest request) => new()
    {
        Version = request.Mesh.Version,
        Release = request.Package?.Release ?? "",
        ReleaseSha256 = request.Package?.ReleaseSha256 ?? "",
        Configuration = request.Package?.Configuration ?? "",
        ConfigurationSha256 = request.Package?.ConfigurationSha256 ?? "",
    };
}
