namespace MeshWorkflow.GoogleCloud.ResourceManager;

/// <summary>A project.</summary>
public sealed record Project
{
    /// <summary>Its id.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Its number, in digits.</summary>
    public string ProjectNumber { get; init; } = "";

    /// <summary><c>ACTIVE</c>, or on its way out.</summary>
    public string LifecycleState { get; init; } = "";
}
