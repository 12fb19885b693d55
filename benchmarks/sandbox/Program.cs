using System.CommandLine;
using MeshWorkflow.SandboxBenchmark;

var clusters = new Option<int>("--clusters") { Description = "How many clusters, 1 to 1000. Default: 1000.", DefaultValueFactory = _ => 1000 };
var few = new Option<int>("--clusters") { Description = "How many clusters, 1 to 1000. Default: 20.", DefaultValueFactory = _ => 20 };
var seconds = new Option<int>("--seconds") { Description = "For how long each kind of request is sent. Default: 10.", DefaultValueFactory = _ => 10 };
var minutes = new Option<int>("--minutes") { Description = "How long it takes. Default: 30.", DefaultValueFactory = _ => 30 };
var watchers = new Option<int>("--watchers") { Description = "How many watch at a time. Default: 500.", DefaultValueFactory = _ => 500 };

var scale = new Command("scale", "Start, memory at rest and requests a second.") { clusters, seconds };
scale.SetAction((parsed, token) => ScaleRun.RunAsync(Count(parsed.GetValue(clusters)), parsed.GetValue(seconds), token));
var soak = new Command("soak", "Many watchers that come and go while objects change: fails if the memory grows on and on.") { few, minutes, watchers };
soak.SetAction((parsed, token) => SoakRun.RunAsync(
    Count(parsed.GetValue(few)), parsed.GetValue(watchers), TimeSpan.FromMinutes(parsed.GetValue(minutes)), token));
var serve = new Command("serve", "The sandbox that is measured; the other commands start it.") { clusters };
serve.SetAction((parsed, token) => ServeRun.RunAsync(Count(parsed.GetValue(clusters)), token));

return await new RootCommand("Measures the sandbox alone.") { scale, soak, serve }.Parse(args).InvokeAsync();

static int Count(int wanted) => Math.Clamp(wanted, 1, 1000);
