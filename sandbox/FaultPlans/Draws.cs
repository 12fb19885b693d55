using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>
/// What chance decides. Each decision depends on the seed and on what is decided alone, never on what came before: the order in which
/// the calls of many clusters come differs from run to run.
/// </summary>
internal static class Draws
{
    /// <summary>A number from 0 up to 1.</summary>
    public static double Share(int seed, params ReadOnlySpan<string> what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{string.Join('\n', what!)}"));
        return (BitConverter.ToUInt64(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
