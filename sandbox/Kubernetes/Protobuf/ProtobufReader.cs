namespace MeshWorkflow.Sandbox.Kubernetes.Protobuf;

/// <summary>A field of a message in Protocol Buffers' encoding.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Value">Its value, where it is a number.</param>
/// <param name="Bytes">Its value, where it is a text or a message.</param>
internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

/// <summary>Reads messages in Protocol Buffers' encoding.</summary>
internal static class ProtobufReader
{
    /// <exception cref="FormatException">It is no message.</exception>
    public static IEnumerable<ProtobufField> Read(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Number(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new ProtobufField(number, Number(message, ref at), default);
                    break;
                case 1:
                    yield return new ProtobufField(number, 0, Take(message, ref at, 8));
                    break;
                case 2:
                    var length = Number(message, ref at);
                    yield return new ProtobufField(number, 0, Take(message, ref at, length));
                    break;
                case 5:
                    yield return new ProtobufField(number, 0, Take(message, ref at, 4));
                    break;
                default:
                    throw new FormatException($"proto: illegal wireType {key & 7}");
            }
        }
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ref int at, ulong length)
    {
        if (length > (ulong)(message.Length - at))
        {
            throw new FormatException("unexpected EOF");
        }

        var taken = message.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }

    private static ulong Number(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= message.Length)
            {
                throw new FormatException("unexpected EOF");
            }

            var part = message.Span[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw new FormatException("proto: integer overflow");
    }
}
