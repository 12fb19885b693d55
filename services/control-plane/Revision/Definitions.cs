using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>The kinds that a control plane brings. Nothing of a kind can be made before its definition is established.</summary>
internal static class Definitions
{
    public static bool Is(Change change) => ObjectRef.Parse(change.Resource).Group == "apiextensions.k8s.io";

    /// <exception cref="WaitException">One isn't established yet.</exception>
    public static async Task WaitEstablishedAsync(ObjectClient client, IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var target in changes.Where(Is).Select(change => ObjectRef.Parse(change.Resource)))
        {
            var found = await client.FindAsync(target, cancellationToken);
            var isEstablished = found?.Items("status", "conditions")
                .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True") ?? false;
            if (!isEstablished)
            {
                throw new WaitException($"{target.Name} is not established yet");
            }
        }
    }
}
