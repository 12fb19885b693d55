using System.CommandLine;
using MeshWorkflow.FleetBenchmark;

var clusters = new Option<int>("--clusters") { Description = "How many clusters, 10 to 1000. Default: 100.", DefaultValueFactory = _ => 100 };
var calls = new Option<bool>("--calls") { Description = "Lists the calls to Google's APIs and the clusters, by kind." };
var keep = new Option<string?>("--keep") { Description = "An empty folder in which the state and the packages are kept." };
var root = new RootCommand("Installs the mesh on a sandbox fleet in three stages (20, 30 and 50 of a hundred, half of a stage at once) and measures it.")
{
    clusters, calls, keep,
};
root.SetAction((parsed, cancellationToken) => FleetRun.RunAsync(
    Math.Clamp(parsed.GetValue(clusters), 10, 1000), parsed.GetValue(calls), parsed.GetValue(keep), cancellationToken));
return await root.Parse(args).InvokeAsync();
