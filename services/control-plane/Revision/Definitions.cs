using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>The kinds that a control plane brings. Nothing of a kind can be made before its definition is established.</summary>
internal static class Definitions
{
    // It is a matter of moments; a call that waits for them saves a round of the workflow.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static bool Is(Change change) => ObjectRef.Parse(change.Resource).Group == "apiextensions.k8s.io";

    /// <exception cref="WaitException">One isn't established after a few seconds.</exception>
    public static async Task WaitEstablishedAsync(
        ObjectClient client, IEnumerable<Change> changes, TimeProvider time, CancellationToken cancellationToken)
    {
        var until = time.GetTimestamp();
        foreach (var target in changes.Where(Is).Select(change => ObjectRef.Parse(change.Resource)))
        {
            while (!await IsEstablishedAsync(client, target, cancellationToken))
            {
                if (time.GetElapsedTime(until) > Patience)
                {
                    throw new WaitException($"{target.Name} is not established yet");
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static async Task<bool> IsEstablishedAsync(ObjectClient client, ObjectRef target, CancellationToken cancellationToken) =>
        (await client.FindAsync(target, cancellationToken))?.Items("status", "conditions")
            .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True") ?? false;
}
