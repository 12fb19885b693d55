using System.IO.Compression;

namespace MeshWorkflow.Ledger;

/// <summary>What is long lies gzipped in the state.</summary>
internal static class Gzip
{
    public static byte[] Pack(ReadOnlySpan<byte> content, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] Unpack(ReadOnlyMemory<byte> packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>No JSON begins as gzip does.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> content) => content is [0x1F, 0x8B, ..];
}
