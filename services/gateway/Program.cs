using MeshWorkflow.Gateway;

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = GatewayApp.Build(builder);
await app.RunAsync();
