using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Calls;

/// <summary>What a step may know of the call that it is in.</summary>
/// <param name="call">The call.</param>
public sealed class CallFacts(Call call)
{
    // A namespace of our own for identifiers of requests.
    private static readonly Guid RequestIds = new("5d0e4f8a-6c0b-4b53-9d5f-4b6f6d2f7a11");

    /// <summary>The rollout's generation: what a thing of ours is marked with.</summary>
    public string Run { get; } = LedgerKeys.Run(call.Rollout, call.Generation);

    /// <summary>
    /// The identifier of one write, the same for every delivery of this call: a UUID of version 5 over the call, the method and
    /// the resource.
    /// </summary>
    /// <param name="method">The method, such as <c>memberships.create</c>.</param>
    /// <param name="resource">The full resource name.</param>
    /// <returns>The identifier.</returns>
    public Guid RequestId(string method, string resource)
    {
        var name = FormattableString.Invariant(
            $"{Run}|{call.Scope}|{call.Step}|{call.Attempt}|{call.Epoch}|{method}|{resource}");
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        RequestIds.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing secret depends on it.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
