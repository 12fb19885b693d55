using System.CommandLine;
using MeshWorkflow.Benchmarks;

var root = new RootCommand("Measures a sidecar. Commands 'sidecar' and 'worker' run one each until they are stopped.")
{
    SidecarCommand.Create(),
    WorkerCommand.Create(),
    ChainsCommand.Create(),
    ShapesCommand.Create(),
    RecoveryCommand.Create(),
    ReplayCommand.Create(),
    SoakCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
