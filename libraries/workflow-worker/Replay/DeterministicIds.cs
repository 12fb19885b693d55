using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dapr.Workflow.Replay;

/// <summary>
/// The identifiers that every worker of an instance makes alike: UUIDs of version 5 (RFC 4122) in a namespace that belongs to
/// the instance's execution.
/// </summary>
internal sealed class DeterministicIds
{
    private static readonly Guid Root = new("6f927a2e-9c7e-4a1d-9b8d-7a86f2e7f62f");

    private readonly string _instanceId;
    private readonly Guid _execution;
    private int _guids;

    public DeterministicIds(string instanceId, string? executionId)
    {
        _instanceId = instanceId;
        var text = string.IsNullOrEmpty(executionId) ? instanceId : executionId;
        _execution = Guid.TryParse(text, out var guid) ? guid : Version5(Root, text);
    }

    public Guid NewGuid() => Version5(_execution, string.Create(CultureInfo.InvariantCulture, $"{_instanceId}_{_guids++}"));

    public string TaskExecutionId(int sequenceId, string activityName) =>
        Version5(_execution, string.Create(CultureInfo.InvariantCulture, $"{_instanceId}|activity|{sequenceId}|{activityName}"))
            .ToString("N");

    private static Guid Version5(Guid space, string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var input = new byte[16 + text.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing secret depends on it.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
