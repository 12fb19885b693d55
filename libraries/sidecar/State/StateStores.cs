using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Sidecar.State;

/// <summary>The declared stores: which there are, and what keys are called in each.</summary>
internal sealed class StateStores(IEnumerable<SidecarStateStore> stores, StateTable table)
{
    private const string Separator = "||";
    private readonly Dictionary<string, SidecarStateStore> _stores = stores.ToDictionary(store => store.Name, StringComparer.Ordinal);

    public StateTable Table { get; } = table;

    public IEnumerable<SidecarStateStore> All => _stores.Values;

    /// <exception cref="StateRefusedException">There is no such store.</exception>
    public void Check(string store) => Find(store);

    /// <summary>The key as stored. Keys of different stores never meet.</summary>
    /// <exception cref="StateRefusedException">There is no such store, or the key can't be one.</exception>
    public string Key(string app, string store, string key)
    {
        var declared = Find(store);
        if (key.Length == 0 || key.Contains(Separator, StringComparison.Ordinal))
        {
            throw new StateRefusedException(
                StatusCode.InvalidArgument, $"input key/keyPrefix '{key}' can't be empty or contain '{Separator}'");
        }

        var prefix = declared.KeyPrefix switch
        {
            StateKeyPrefix.AppId => app + Separator,
            StateKeyPrefix.Name => store + Separator,
            _ => "",
        };
        return store + Separator + prefix + key;
    }

    private SidecarStateStore Find(string store)
    {
        if (_stores.TryGetValue(store, out var declared))
        {
            return declared;
        }

        throw _stores.Count == 0
            ? new StateRefusedException(StatusCode.FailedPrecondition, $"state store {store} is not configured")
            : new StateRefusedException(
                StatusCode.InvalidArgument, $"state store {store} is not found; there is: {string.Join(", ", _stores.Keys)}");
    }
}
