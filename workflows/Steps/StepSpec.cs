using Google.Protobuf.Reflection;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>How the ledger writes entries of all services.</summary>
internal static class StepSpec
{
    private static readonly FileDescriptor[] Files = [StepsReflection.Descriptor, ControlPlaneReflection.Descriptor, GatewayReflection.Descriptor, IamReflection.Descriptor, CertificatesReflection.Descriptor];

    public static LedgerCodec Codec { get; } = new(Files);
}
