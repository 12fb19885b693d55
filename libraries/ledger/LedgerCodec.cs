using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>How entries are written: as JSON, so that people can read them with any tool of their state store.</summary>
public sealed class LedgerCodec
{
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
    /// <returns>Its JSON.</returns>
    public byte[] Write(LedgerEntry entry) => Encoding.UTF8.GetBytes(_formatter.Format(entry));

    /// <summary>Reads an entry.</summary>
    /// <param name="json">Its JSON.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="InvalidProtocolBufferException">It is none, or has a spec that is not known.</exception>
    public LedgerEntry Read(ReadOnlyMemory<byte> json) => Read<LedgerEntry>(json);

    internal byte[] Write(IMessage message) => Encoding.UTF8.GetBytes(_formatter.Format(message));

    internal T Read<T>(ReadOnlyMemory<byte> json)
        where T : IMessage, new() => _parser.Parse<T>(Encoding.UTF8.GetString(json.Span));
}
