using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Commands;

/// <summary>A request without a mistake.</summary>
/// <param name="Text">As it is sent.</param>
/// <param name="Request">As it was read.</param>
/// <param name="Flags">The flags.</param>
/// <param name="IsFile">Whether it came from a file.</param>
internal sealed record WantedRequest(string Text, FleetInstallRequest Request, FlagValues Flags, bool IsFile)
{
    /// <summary>The folder that istioctl, samples and manifests are kept in; null: none.</summary>
    public string? OutputDir => Flags[Asmcli.Flags.OutputDir];

    public bool IsOffline => Flags.IsOn(Asmcli.Flags.Offline);
}
