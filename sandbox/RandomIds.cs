using System.Security.Cryptography;

namespace MeshWorkflow.Sandbox;

/// <summary>Identifiers that the real servers draw at random.</summary>
internal static class RandomIds
{
    public static string Uuid()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
