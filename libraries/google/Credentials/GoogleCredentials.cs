using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using MeshWorkflow.NamedFiles;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.GoogleCloud.Credentials;

/// <summary>The services' own identity, looked up once, or that of a key which a call brings. Tokens are fetched and renewed by Google's library and never leave memory.</summary>
public sealed class GoogleCredentials(IOptions<GoogleCloudOptions> options) : IDisposable
{
    internal const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private readonly SemaphoreSlim _gate = new(1);
    private readonly AsyncLocal<string?> _key = new();
    private readonly KeyFiles _keys = new(options.Value.KeyFolder);
    private GoogleCredential? _credential;

    /// <summary>Whose calls these are, for what is remembered of answers; empty: the services' own.</summary>
    public string Caller => _key.Value ?? "";

    /// <summary>Has what the caller does from here on done as the account of a key, to the end of the calling method.</summary>
    /// <param name="keyFile">The whole path of the key; empty: the services' own account.</param>
    public void ActAs(string keyFile) => _key.Value = keyFile is { Length: > 0 } ? keyFile : null;

    /// <summary>The credential, scoped for all of Google Cloud.</summary>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="KeyFileException">The key can't be used.</exception>
    /// <exception cref="InvalidOperationException">There are no credentials, or the file holds none.</exception>
    public async Task<GoogleCredential> GetAsync(CancellationToken cancellationToken)
    {
        if (_key.Value is { } key)
        {
            return await _keys.ReadAsync(key, cancellationToken);
        }

        if (_credential is { } known)
        {
            return known;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _credential ??= (await LoadAsync(cancellationToken)).CreateScoped(Scope);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A token for a call outside of Google's libraries, such as one to a cluster.</summary>
    /// <param name="cancellationToken">Stops the fetch.</param>
    /// <returns>The token; valid for a few minutes at least.</returns>
    public async Task<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        var credential = await GetAsync(cancellationToken);
        return await credential.UnderlyingCredential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
    }

    /// <summary>
    /// Fetches a new token in the place of one that was not accepted though its time isn't over: the account's keys were changed, or the
    /// clock is wrong. Of many who ask for the same one at once, the first fetches it.
    /// </summary>
    /// <param name="rejected">The token that was not accepted.</param>
    /// <param name="cancellationToken">Stops the fetch.</param>
    public async Task RenewTokenAsync(string rejected, CancellationToken cancellationToken)
    {
        if ((await GetAsync(cancellationToken)).UnderlyingCredential is not ServiceCredential credential)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (credential.Token?.AccessToken == rejected)
            {
                await credential.RequestAccessTokenAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whose credentials they are, as policies name members.</summary>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>The member; <see langword="null"/>: the credentials don't say, as those of people.</returns>
    public async Task<string?> GetPrincipalAsync(CancellationToken cancellationToken)
    {
        var email = (await GetAsync(cancellationToken)).UnderlyingCredential switch
        {
            ServiceAccountCredential account => account.Id,
            ImpersonatedCredential impersonated => impersonated.TargetPrincipal,
            ComputeCredential compute => await compute.GetDefaultServiceAccountEmailAsync(cancellationToken),
            _ => null,
        };
        return email is null ? null : $"serviceAccount:{email}";
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<GoogleCredential> LoadAsync(CancellationToken cancellationToken) =>
        options.Value.CredentialsFile is { Length: > 0 } file
            ? await CredentialFactory.FromFileAsync(file, await TypeOfAsync(file, cancellationToken), cancellationToken)
            : await GoogleCredential.GetApplicationDefaultAsync(cancellationToken);

    private static async Task<string> TypeOfAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = RegularFile.OpenRead(file);
        using var content = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        return content.RootElement.TryGetProperty("type", out var type) && type.GetString() is { } text
            ? text
            : throw new InvalidOperationException($"The credentials file '{file}' names no type. Use a file that gcloud or the Cloud console made.");
    }
}
