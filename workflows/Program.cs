using MeshWorkflow.Workflows.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = OrchestratorApp.Build(builder);
await app.RunAsync();
