using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>
/// How entries are written: as JSON, so that people can read them with any tool of their state store; gzipped where they are long,
/// which those of a control plane are.
/// </summary>
public sealed class LedgerCodec
{
    /// <summary>The longest that is written as it is, in bytes.</summary>
    public const int MaxPlain = 1024;

    private readonly JsonFormatter _formatter;
    private readonly JsonParser _parser;

    /// <summary>Knows how to write certain specs.</summary>
    /// <param name="specs">The files that the specs are declared in.</param>
    public LedgerCodec(params FileDescriptor[] specs)
    {
        var types = TypeRegistry.FromFiles(specs);
        _formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types));

        // A newer release may have written fields that this one does not know.
        _parser = new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(types).WithIgnoreUnknownFields(true));
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>Its JSON, gzipped if it is longer than <see cref="MaxPlain"/>.</returns>
    public byte[] Write(LedgerEntry entry) => Write((IMessage)entry);

    /// <summary>Reads an entry.</summary>
    /// <param name="written">Its JSON, gzipped or not.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="InvalidProtocolBufferException">It is none, or has a spec that is not known.</exception>
    public LedgerEntry Read(ReadOnlyMemory<byte> written) => Read<LedgerEntry>(written);

    internal byte[] Write(IMessage message)
    {
        var json = Encoding.UTF8.GetBytes(_formatter.Format(message));
        return json.Length > MaxPlain ? Gzip.Pack(json, CompressionLevel.Optimal) : json;
    }

    internal T Read<T>(ReadOnlyMemory<byte> written)
        where T : IMessage, new()
    {
        var json = Gzip.IsPacked(written.Span) ? Gzip.Unpack(written) : written;
        return _parser.Parse<T>(Encoding.UTF8.GetString(json.Span));
    }
}
