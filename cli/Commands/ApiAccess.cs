using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Cli.Commands;

/// <summary>The options by which a command finds the API.</summary>
internal sealed class ApiAccess
{
    private readonly Option<string> _state = StateOption();
    private readonly Option<Uri?> _api = Addresses.Option("--api", "The API's address. Default: the one that runs on the state folder.");

    public static Option<string> StateOption() => new("--state")
    {
        Description = "The state folder: durable state, token, address. Default: $MESHWF_HOME, or .meshworkflow in your home.",
        DefaultValueFactory = _ => StateFolder.Default,
    };

    public void AddTo(Command command)
    {
        command.Add(_state);
        command.Add(_api);
    }

    public StateFolder Folder(ParseResult parsed) => new(parsed.GetValue(_state) ?? StateFolder.Default);

    /// <exception cref="ApiUnreachableException">Nothing runs there.</exception>
    public RolloutClient Connect(ParseResult parsed)
    {
        var folder = Folder(parsed);
        var api = parsed.GetValue(_api);
        if (!File.Exists(folder.TokenFile) || (api is null && !File.Exists(folder.AddressFile)))
        {
            throw new ApiUnreachableException($"nothing has been started on the state folder '{folder.Path}'");
        }

        return new RolloutClient(api ?? new Uri(File.ReadAllText(folder.AddressFile).Trim()), ApiToken.Read(folder.TokenFile));
    }
}
