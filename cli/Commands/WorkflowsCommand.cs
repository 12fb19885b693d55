using System.CommandLine;
using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Sidecar.Looks;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Looks at the durable workflows of one machine: what there is, and what waits for what. Nothing need run for it.</summary>
internal static class WorkflowsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Make(IAnsiConsole console) => new("workflows", "Looks at the durable workflows of one machine.")
    {
        List(console), Show(console), History(console),
    };

    private static Command List(IAnsiConsole console)
    {
        var state = ApiAccess.StateOption();
        var app = AppOption();
        var json = JsonOption();
        var status = new Option<string?>("--status") { Description = "Only those of this status: Running, Stalled, Suspended, ...." };
        var limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Lists workflow instances, the newest first.") { state, app, status, limit, json };
        command.SetAction(parsed =>
        {
            using var view = StateView.Open(StateCommand.FileOf(parsed, state));
            IReadOnlyList<WorkflowSummary> list;
            try
            {
                list = view.List(parsed.GetValue(app), parsed.GetValue(status), parsed.GetValue(limit));
            }
            catch (ArgumentException mistake)
            {
                console.MarkupLineInterpolated($"[red]{mistake.Message}[/]");
                return ExitCodes.Mistakes;
            }

            Write(console, parsed.GetValue(json), list, console.Workflows);
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Show(IAnsiConsole console) => OfOne(
        console,
        "show",
        "Shows where an instance is and what it waits for.",
        (view, app, id, isJson) =>
        {
            if (view.Show(app, id) is { } details)
            {
                Write(console, isJson, details, console.Workflow);
            }
        });

    private static Command History(IAnsiConsole console) => OfOne(
        console,
        "history",
        "Shows what has happened in an instance, without payloads.",
        (view, app, id, isJson) =>
        {
            if (view.History(app, id) is { } lines)
            {
                Write(console, isJson, lines, console.History);
            }
        });

    private static Command OfOne(IAnsiConsole console, string name, string description, Action<StateView, string, string, bool> show)
    {
        var state = ApiAccess.StateOption();
        var app = AppOption();
        var json = JsonOption();
        var id = new Argument<string>("id") { Description = "The instance's id." };
        var command = new Command(name, description) { id, state, app, json };
        command.SetAction(parsed =>
        {
            using var view = StateView.Open(StateCommand.FileOf(parsed, state));
            var wanted = parsed.GetRequiredValue(id);
            var apps = parsed.GetValue(app) is { } given
                ? view.AppsWith(wanted).Where(found => found == given).ToList()
                : view.AppsWith(wanted);
            if (apps is not [var only])
            {
                console.MarkupLineInterpolated(apps is []
                    ? $"[red]There is no workflow instance '{wanted}'.[/] See: meshwf workflows list"
                    : (FormattableString)$"[red]Several apps have an instance '{wanted}'.[/] Add --app, one of: {string.Join(", ", apps)}");
                return ExitCodes.Mistakes;
            }

            show(view, only, wanted, parsed.GetValue(json));
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static void Write<T>(IAnsiConsole console, bool isJson, T value, Action<T> forPeople)
    {
        if (isJson)
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, Json));
        }
        else
        {
            forPeople(value);
        }
    }

    private static Option<string?> AppOption() => new("--app") { Description = "Only this app's." };

    private static Option<bool> JsonOption() => new("--json") { Description = "As JSON." };
}
