using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Commands;

/// <summary>The argument by which a command knows its rollout.</summary>
internal static class RolloutArgument
{
    private const string Meaning = "The rollout: its name for its newest generation, or NAME-gN.";

    public static Argument<string> Required() => Checked(new Argument<string>("rollout") { Description = Meaning });

    public static Argument<string?> Optional(string otherwise) => Checked(new Argument<string?>("rollout")
    {
        Description = $"{Meaning} {otherwise}",
        Arity = ArgumentArity.ZeroOrOne,
    });

    // The parser takes an option that it does not know for a value.
    private static T Checked<T>(T argument)
        where T : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.StartsWith('-'))
                {
                    result.AddError($"'{Echo.Of(token.Value)}' is no option of this command.");
                }
                else if (!Formats.DnsLabel().IsMatch(token.Value))
                {
                    result.AddError($"'{Echo.Of(token.Value)}' is no rollout's name or id. 'meshwf list' lists them.");
                }
            }
        });
        return argument;
    }
}
