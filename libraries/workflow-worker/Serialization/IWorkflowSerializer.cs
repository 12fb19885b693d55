using Dapr.Common.Serialization;

namespace Dapr.Workflow.Serialization;

/// <summary>How the payloads of workflows become text and back.</summary>
public interface IWorkflowSerializer : IDaprSerializer;
