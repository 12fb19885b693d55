using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>What asmcli's flags come to.</summary>
/// <param name="Text">The request that they mean.</param>
/// <param name="Request">The request as it was read; null: there are mistakes.</param>
/// <param name="Mistakes">All mistakes.</param>
/// <param name="Flags">The flags.</param>
internal sealed record AsmcliReading(string Text, FleetInstallRequest? Request, IReadOnlyList<Mistake> Mistakes, FlagValues Flags)
{
    /// <summary>What people should know.</summary>
    public IEnumerable<string> Notes => Flags.Notes.Concat(AsmcliRules.NotesOn(Flags));

    /// <summary>Reads them. Looks at files that they name; contacts nobody.</summary>
    /// <param name="tokens">asmcli's part of the command line.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="purpose">What they are for.</param>
    public static AsmcliReading Of(IReadOnlyList<string> tokens, Func<string, string?> environment, Purpose purpose)
    {
        var flags = FlagValues.Read(tokens, environment);
        var mistakes = AsmcliRules.Check(flags, purpose);
        var unreadable = new List<Mistake>();
        var text = RequestFiles.Inline(AsmcliRequest.Of(flags).ToJsonString(), ".", unreadable);
        mistakes = [.. mistakes, .. unreadable.Select(one => one with { Path = Asmcli.Flags.Overlay.Long })];
        var isRead = RequestParser.TryParse(text, out var request, out var found);

        // Where flags are missing, the request that they make has mistakes that nobody has made.
        IReadOnlyList<Mistake> all = [.. mistakes, .. found.Where(one => mistakes.Count == 0 || (one.Code == "WRONG_FORMAT" && one.Path != "metadata.name"))];
        return new AsmcliReading(text, isRead && all.Count == 0 ? request : null, all, flags);
    }
}
