using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Saving;

/// <summary>
/// The whole state of a simulated world, with its secrets: what a sandbox can be put back to, or begin with. Not in it: addresses, the
/// journal, faults and holds.
/// </summary>
public sealed class SavedWorld
{
    private const string Format = "meshworkflow-sandbox-state";
    private const int Version = 1;
    private readonly IReadOnlyDictionary<string, JsonNode> _parts;

    internal SavedWorld(DateTimeOffset savedAt, World world, IReadOnlyDictionary<string, JsonNode> parts) => (SavedAt, World, _parts) = (savedAt, world, parts);

    /// <summary>When it was saved.</summary>
    public DateTimeOffset SavedAt { get; }

    /// <summary>What the world was at its start.</summary>
    public World World { get; }

    internal static SavedWorld Read(JsonNode? document)
    {
        if (!Is(document))
        {
            throw new SavedWorldException("This is no saved sandbox. One is written by: meshwf sandbox save FILE");
        }

        var version = document?["version"]?.ToJsonString();
        if (version != $"{Version}")
        {
            throw new SavedWorldException($"The state was saved in version {version ?? "none"} of its format; this sandbox reads version {Version} alone.");
        }

        try
        {
            var saved = SavedJson.Read<Document>(document ?? new JsonObject());
            return new SavedWorld(saved.SavedAt, saved.World, saved.Parts);
        }
        catch (JsonException exception)
        {
            throw new SavedWorldException($"The saved state can't be read: {exception.Message}");
        }
    }

    /// <summary>Reads a document.</summary>
    /// <param name="stream">The document.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SavedWorldException">It is no JSON, no saved world, or one of another version.</exception>
    public static async Task<SavedWorld> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await JsonNode.ParseAsync(
                stream, documentOptions: new JsonDocumentOptions { MaxDepth = SavedJson.Options.MaxDepth }, cancellationToken: cancellationToken));
        }
        catch (JsonException exception)
        {
            throw new SavedWorldException($"The saved state can't be read: {exception.Message}");
        }
    }

    /// <summary>Reads a file, if it is a saved world of whatever version; a world file is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SavedWorldException">It is a saved world of another version, or can't be read.</exception>
    public static async Task<SavedWorld?> FindAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var start = new byte[256];
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        return Encoding.UTF8.GetString(start, 0, length).Contains(Format, StringComparison.Ordinal) ? await ReadAsync(stream, cancellationToken) : null;
    }

    /// <summary>Writes it as a document.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new Document(Format, Version, SavedAt, World, _parts), SavedJson.Options);

    /// <exception cref="SavedWorldException">It isn't there.</exception>
    internal JsonNode Part(string name) =>
        _parts.GetValueOrDefault(name) ?? throw new SavedWorldException($"The saved state can't be read: its part '{name}' is missing.");

    private static bool Is(JsonNode? document) =>
        document is JsonObject fields && fields["format"] is JsonValue format && format.TryGetValue<string>(out var name) && name == Format;

    private sealed record Document(string Format, int Version, DateTimeOffset SavedAt, World World, IReadOnlyDictionary<string, JsonNode> Parts);
}
