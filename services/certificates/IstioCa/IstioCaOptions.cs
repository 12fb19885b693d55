using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>Where certificates and keys of people's own may lie, and for how long they have to be good. Section <c>IstioCa</c>.</summary>
internal sealed class IstioCaOptions
{
    /// <summary>
    /// The folder that certificates and keys are read from: nothing outside it is ever read, whatever a request says. Default:
    /// <c>/etc/meshworkflow/ca</c>, where a secret is mounted; on one machine, whoever runs the product may read what they may read.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "/etc/meshworkflow/ca";

    /// <summary>For how long certificates must be valid from now on. Default: 30 days; from none to 10 years.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan LeastRemaining { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many days an intermediate is valid that is made here, as long as its root at most. Default: 3650; from 1 to 36500.</summary>
    [Range(1, 36_500)]
    public int IntermediateDays { get; set; } = 3650;
}

/// <summary>Checks the options at the start.</summary>
[OptionsValidator]
internal sealed partial class IstioCaOptionsValidator : IValidateOptions<IstioCaOptions>;
