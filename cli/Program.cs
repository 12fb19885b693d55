using MeshWorkflow.Cli.Commands;

return await MeshwfCommand.RunAsync(args);
