using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Packages;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>What can be asked about a request without beginning it.</summary>
internal static class RequestRuns
{
    public static async Task<int> PlanAsync(
        RolloutClient client, WantedRequest wanted, IAnsiConsole console, PlanLooks looks, CancellationToken cancellationToken)
    {
        var plan = await client.PlanAsync(wanted.Text, cancellationToken);
        if (looks.IsJson)
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(plan, ApiJson.Default.PlanView));
        }
        else
        {
            console.Plan(plan, looks.IsWithOperator);
        }

        return plan switch
        {
            { Problems.Count: > 0 } => ExitCodes.Refused,
            { Counts: { Create: 0, Update: 0 } } => ExitCodes.Succeeded,
            _ => looks.IsDetailed ? ExitCodes.Changes : ExitCodes.Succeeded,
        };
    }

    /// <summary>Tells what would keep the request from succeeding.</summary>
    public static async Task<int> ValidateAsync(RolloutClient client, WantedRequest wanted, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var plan = await client.PlanAsync(wanted.Text, cancellationToken);
        if (plan.Problems.Count == 0)
        {
            console.WriteLine("The request has no mistake, and nothing stands in its way.");
            return ExitCodes.Succeeded;
        }

        console.Problems(plan);
        return ExitCodes.Refused;
    }

    /// <summary>Writes what the control plane would be rendered from: YAML, and nothing else on standard output.</summary>
    public static async Task<int> PrintConfigAsync(
        RolloutClient client, WantedRequest wanted, IAnsiConsole console, IAnsiConsole errors, CancellationToken cancellationToken)
    {
        var plan = await client.PlanAsync(wanted.Text, cancellationToken);
        errors.Problems(plan);
        if (plan.Operator() is { } text)
        {
            console.Profile.Out.Writer.Write(text);
        }

        return plan.Problems.Count == 0 ? ExitCodes.Succeeded : ExitCodes.Refused;
    }
}

/// <summary>How a plan is shown.</summary>
/// <param name="IsDetailed">Whether the exit code says that there are changes.</param>
/// <param name="IsWithOperator">With the effective operator.</param>
/// <param name="IsJson">As the API answers it.</param>
internal sealed record PlanLooks(bool IsDetailed = false, bool IsWithOperator = false, bool IsJson = false);
