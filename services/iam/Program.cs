using MeshWorkflow.Iam;

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = IamApp.Build(builder);
await app.RunAsync();
