using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Saves all that CA Service keeps, the authorities' keys too, and puts it back.</summary>
internal sealed class SavedPrivateCa(PrivateCaStore store) : ISavedPart
{
    public string SavedAs => "privateca";

    public JsonNode Save() => SavedJson.Write(new SavedState(
        store.Pools,
        store.Templates,
        store.Certificates,
        [.. store.Authorities.Values.Select(authority => new SavedAuthority(authority.Content, authority.Key.Export()))]));

    public Action Read(JsonNode saved)
    {
        var state = SavedJson.Read<SavedState>(saved);
        var authorities = state.Authorities.Select(Restored).ToList();
        return () =>
        {
            store.Coming.Clear();
            Replace(store.Pools, state.Pools);
            Replace(store.Templates, state.Templates);
            Replace(store.Certificates, state.Certificates);
            store.Dispose();
            store.Authorities.Clear();
            authorities.ForEach(authority => store.Authorities[authority.Name] = authority);
        };
    }

    private static void Replace(SortedDictionary<string, JsonObject> kept, IReadOnlyDictionary<string, JsonObject> saved)
    {
        kept.Clear();
        foreach (var (name, resource) in saved)
        {
            kept.Add(name, resource);
        }
    }

    private static Authority Restored(SavedAuthority saved)
    {
        var algorithm = saved.Content["keySpec"]?["algorithm"]?.GetValue<string>() ?? "";
        var key = KeySpecs.Make(algorithm) ?? throw new JsonException($"A certificate authority has a key of an unknown algorithm '{algorithm}'.");
        try
        {
            key.Import(saved.Key);
            var authority = new Authority(saved.Content, key);
            var chain = authority.Chain;
            if (chain.Count > 0)
            {
                authority.Install(chain[0], [.. chain.Skip(1)]);
            }

            return authority;
        }
        catch (CryptographicException exception)
        {
            key.Dispose();
            throw new JsonException("The key or the certificate of a certificate authority can't be read.", exception);
        }
    }

    private sealed record SavedState(
        IReadOnlyDictionary<string, JsonObject> Pools,
        IReadOnlyDictionary<string, JsonObject> Templates,
        IReadOnlyDictionary<string, JsonObject> Certificates,
        IReadOnlyList<SavedAuthority> Authorities);

    private sealed record SavedAuthority(JsonObject Content, byte[] Key);
}
