using System.Buffers;
using System.Text;

namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>Writes a message in Protocol Buffers' encoding. Absent texts and messages are left out.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ProtobufWriter Text(int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Bytes(field, Encoding.UTF8.GetBytes(text));
        }

        return this;
    }

    public ProtobufWriter Flag(int field, bool isTrue)
    {
        if (isTrue)
        {
            Number((ulong)(field << 3));
            Number(1);
        }

        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter? message)
    {
        if (message is not null)
        {
            Bytes(field, message._buffer.WrittenSpan);
        }

        return this;
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Number((ulong)((field << 3) | 2));
        Number((ulong)bytes.Length);
        _buffer.Write(bytes);
    }

    private void Number(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _buffer.Write([(byte)value]);
    }
}
