namespace Dapr.Workflow.Replay;

/// <summary>Which instance a turn belongs to.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Name">The workflow's name.</param>
/// <param name="AppId">The app it runs in, as far as the sidecar said so.</param>
/// <param name="Ids">Its identifiers.</param>
internal sealed record TurnIdentity(string InstanceId, string Name, string? AppId, DeterministicIds Ids);
