using System.Globalization;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>What the names of machine types say.</summary>
internal static class MachineTypes
{
    /// <summary>The vCPUs of a machine type; null: its name doesn't tell.</summary>
    public static int? Cpus(string? type) => type?.Split('-') switch
    {
        ["e2", "micro" or "small" or "medium"] => 2,
        ["f1", _] or ["g1", _] => 1,

        // custom-CPUS-MEMORY and FAMILY-custom-CPUS-MEMORY, with -ext for more memory.
        ["custom", var cpus, ..] => Number(cpus),
        [_, "custom", var cpus, ..] => Number(cpus),
        [_, _, var cpus, ..] => Number(cpus),
        _ => null,
    };

    private static int? Number(string text) =>
        int.TryParse(text.TrimEnd('g'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
