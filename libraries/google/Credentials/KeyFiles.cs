using System.Collections.Concurrent;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using MeshWorkflow.NamedFiles;

namespace MeshWorkflow.GoogleCloud.Credentials;

/// <summary>Keys of service accounts that requests name by their paths. One that has changed is read anew.</summary>
internal sealed class KeyFiles(string? folder)
{
    private const long MaxLength = 64 * 1024;
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <exception cref="KeyFileException">It can't be used: <c>KEY_FILE_…</c>.</exception>
    public async Task<GoogleCredential> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = Allowed(path);
        var (changed, length) = (file.LastWriteTimeUtc, file.Length);
        if (_known.TryGetValue(file.FullName, out var known) && known.Changed == changed && known.Length == length)
        {
            return known.Credential;
        }

        var credential = await LoadAsync(file.FullName, cancellationToken);
        _known[file.FullName] = new Known(changed, length, credential);
        return credential;
    }

    private FileInfo Allowed(string path)
    {
        var file = new FileInfo(path);
        if (folder is { Length: > 0 }
            && !file.FullName.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new KeyFileException(
                "KEY_FILE_NOT_ALLOWED", $"{path} is not in the folder that keys of this service lie in.", "Put it there (GoogleCloud:KeyFolder), and name it so.");
        }

        return file.Exists && file.Length <= MaxLength ? file : throw Missing(path);
    }

    // Other kinds of credentials would have programs run, or addresses asked, that the file names.
    private static async Task<GoogleCredential> LoadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = RegularFile.OpenRead(path);
            using var content = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            if (content.RootElement.ValueKind is not JsonValueKind.Object || !content.RootElement.TryGetProperty("type", out var type) || type.ToString() != JsonCredentialParameters.ServiceAccountCredentialType)
            {
                throw Invalid(path);
            }

            return (await CredentialFactory.FromFileAsync(path, JsonCredentialParameters.ServiceAccountCredentialType, cancellationToken)).CreateScoped(GoogleCredentials.Scope);
        }
        catch (NotRegularFileException exception)
        {
            throw new KeyFileException("KEY_FILE_NOT_REGULAR", $"spec.identity.keyFile: {exception.Message}", NotRegularFileException.Remedy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Missing(path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            // What a reader says may quote what is in the file.
            throw Invalid(path);
        }
    }

    private static KeyFileException Missing(string path) =>
        new("KEY_FILE_MISSING", $"There is no key file {path} that the services can read.", "Name a file on the machine of the services, that they may read.");

    private static KeyFileException Invalid(string path) =>
        new("KEY_FILE_INVALID", $"{path} is no key of a service account.", "Name the JSON file that Google made for the account.");

    private sealed record Known(DateTime Changed, long Length, GoogleCredential Credential);
}
