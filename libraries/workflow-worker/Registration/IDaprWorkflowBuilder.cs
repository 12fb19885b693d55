using Dapr.Common;

namespace Dapr.Workflow.Registration;

/// <summary>Goes on configuring an app's workflows.</summary>
public interface IDaprWorkflowBuilder : IDaprServiceBuilder;
