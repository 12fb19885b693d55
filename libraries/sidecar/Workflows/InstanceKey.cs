namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Which instance: ids are unique within an app.</summary>
internal readonly record struct InstanceKey(string App, string Id)
{
    public override string ToString() => $"{App}/{Id}";
}
