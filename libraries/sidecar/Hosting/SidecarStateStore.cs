namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>A key-value store, as a Dapr state component declares it.</summary>
/// <param name="Name">The component's name.</param>
/// <param name="KeyPrefix">Whose keys are whose; <c>appid</c> is Dapr's default.</param>
public sealed record SidecarStateStore(string Name, StateKeyPrefix KeyPrefix = StateKeyPrefix.AppId);

/// <summary>What keys begin with in the store (the component's <c>keyPrefix</c>).</summary>
public enum StateKeyPrefix
{
    /// <summary>The app's id: each app has keys of its own.</summary>
    AppId,

    /// <summary>The component's name: all apps share the keys.</summary>
    Name,

    /// <summary>Nothing: all apps share the keys.</summary>
    None,
}
