using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Cli.Client;

/// <summary>What the command ends with. Part of the public contract.</summary>
internal static class ExitCodes
{
    public const int Succeeded = 0;
    public const int Internal = 1;
    public const int Mistakes = 2;
    public const int Refused = 3;
    public const int CompletedWithFailures = 4;
    public const int Compensated = 5;
    public const int CompensationIncomplete = 6;
    public const int Cancelled = 7;
    public const int Unreachable = 8;

    /// <summary>Only of a plan, if asked for: there are changes.</summary>
    public const int Changes = 10;

    /// <summary>Whoever watched has stopped that: 128 and the number of SIGINT, as shells say it.</summary>
    public const int Stopped = 130;

    public static int Of(RolloutState state) => state switch
    {
        RolloutState.Refused => Refused,
        RolloutState.CompletedWithFailures => CompletedWithFailures,
        RolloutState.Compensated => Compensated,
        RolloutState.CompensationIncomplete => CompensationIncomplete,
        RolloutState.Cancelled => Cancelled,
        _ => Succeeded,
    };
}
