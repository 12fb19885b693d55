using MeshWorkflow.ControlPlane;

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = ControlPlaneApp.Build(builder);
await app.RunAsync();
