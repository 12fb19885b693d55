using MeshWorkflow.Certificates;

var builder = WebApplication.CreateSlimBuilder(args);
await using var app = CertificatesApp.Build(builder);
await app.RunAsync();
