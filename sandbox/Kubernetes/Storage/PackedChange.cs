using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>A change of a while ago: hardly anybody asks for it again, and it takes a twentieth of the room.</summary>
internal sealed class PackedChange
{
    private readonly byte[] _objects;

    private PackedChange(long revision, ResourceKind kind, byte[] objects)
    {
        Revision = revision;
        Kind = kind;
        _objects = objects;
    }

    /// <summary>The number of the change.</summary>
    public long Revision { get; }

    /// <summary>The kind of the object.</summary>
    public ResourceKind Kind { get; }

    public static PackedChange Of(StoreChange change)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            using var json = new Utf8JsonWriter(gzip);
            json.WriteStartArray();
            Write(json, change.Before);
            Write(json, change.After);
            json.WriteEndArray();
        }

        return new PackedChange(change.Revision, change.Kind, packed.ToArray());
    }

    public StoreChange Unpack()
    {
        using var gzip = new GZipStream(new MemoryStream(_objects), CompressionMode.Decompress);
        var objects = JsonNode.Parse(gzip)?.AsArray();
        return new StoreChange(Revision, Kind, Take(objects, 0), Take(objects, 1));
    }

    private static void Write(Utf8JsonWriter json, JsonObject? found)
    {
        if (found is null)
        {
            json.WriteNullValue();
        }
        else
        {
            found.WriteTo(json);
        }
    }

    // An object of its own, as the one that was packed.
    private static JsonObject? Take(JsonArray? objects, int index)
    {
        var found = objects?[index] as JsonObject;
        if (found is not null)
        {
            objects?[index] = null;
        }

        return found;
    }
}
