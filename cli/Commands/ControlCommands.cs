using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Steers a rollout that is under way.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> Make(IAnsiConsole console) =>
    [
        Cancel(console),
        Simple(console, "pause", "Begins no new step until it is resumed. What has begun comes to its end."),
        Simple(console, "resume", "Goes on after a pause."),
        Approve(console),
        Unlock(console),
    ];

    private static Command Cancel(IAnsiConsole console)
    {
        var reason = new Option<string?>("--reason") { Description = "Why, in your words." };
        return WithRollout(
            console,
            "cancel",
            "Begins no new step. Clusters under way are undone, finished ones stay.",
            (client, id, parsed, token) => client.CancelAsync(id, new CancelRequest { Reason = parsed.GetValue(reason) }, token),
            reason);
    }

    private static Command Approve(IAnsiConsole console)
    {
        var stage = new Option<string?>("--stage") { Description = "After which stage. Default: the one that waits." };
        var by = new Option<string?>("--by") { Description = "Who approves. Default: you.", DefaultValueFactory = _ => Environment.UserName };
        var comment = new Option<string?>("--comment") { Description = "In your words." };
        return WithRollout(
            console,
            "approve",
            "Lets a rollout go on after a stage that wants approval.",
            (client, id, parsed, token) => client.ApproveAsync(
                id,
                new ApprovalRequest { Stage = parsed.GetValue(stage), By = parsed.GetValue(by), Comment = parsed.GetValue(comment) },
                token),
            stage,
            by,
            comment);
    }

    private static Command Simple(IAnsiConsole console, string verb, string description) => WithRollout(
        console, verb, description, (client, id, _, token) => client.SteerAsync(id, verb, token));

    private static Command WithRollout(
        IAnsiConsole console,
        string verb,
        string description,
        Func<RolloutClient, string, ParseResult, CancellationToken, Task<RolloutView>> steer,
        params Option[] options)
    {
        var access = new ApiAccess();
        var id = RolloutArgument.Required();
        var command = new Command(verb, description) { id };
        foreach (var option in options)
        {
            command.Add(option);
        }

        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            var view = await steer(client, parsed.GetRequiredValue(id), parsed, cancellationToken);
            console.MarkupLineInterpolated($"[bold]{view.Rollout.Id}[/]: {verb} is noted.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Unlock(IAnsiConsole console)
    {
        var access = new ApiAccess();
        var cluster = new Argument<string>("cluster") { Description = "PROJECT/LOCATION/NAME; of one that isn't on Google Cloud FLEET/global/NAME." };
        cluster.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && name.Split('/') is not [{ Length: > 0 }, { Length: > 0 }, { Length: > 0 }])
            {
                result.AddError($"'{Echo.Of(name)}' is no cluster. Write PROJECT/LOCATION/NAME.");
            }
        });
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The kubeconfig that reaches it, where the services run." };
        var context = new Option<string?>("--context") { Description = "The kubeconfig's context. Default: the current one." };
        var through = new Option<string?>("--access") { Description = "endpoint (default) or connectGateway." };
        var proxy = new Option<string?>("--https_proxy", "--https-proxy") { Description = "The HTTPS proxy that leads to its API server." };
        var fleet = new Option<string?>("--fleet_id", "--fleet-id") { Description = "The fleet's project, for Connect Gateway. Default: the cluster's." };
        var command = new Command("unlock", "Takes a cluster away from whoever owns it. Nothing that they still have under way writes any more.")
        {
            cluster, kubeconfig, context, through, proxy, fleet,
        };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            var way = new UnlockRequest
            {
                Kubeconfig = parsed.GetValue(kubeconfig) is { } file ? Path.GetFullPath(file) : null,
                Context = parsed.GetValue(context),
                Access = parsed.GetValue(through),
                HttpsProxy = parsed.GetValue(proxy),
                Fleet = parsed.GetValue(fleet),
            };
            await client.UnlockAsync(parsed.GetRequiredValue(cluster), way, cancellationToken);
            console.MarkupLineInterpolated($"[bold]{parsed.GetRequiredValue(cluster)}[/] is free.");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
