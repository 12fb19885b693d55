using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Workflows.Api;

/// <summary>How the REST API listens, and who may use it. Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The address that it listens on. Default: loopback only.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Its port; 0, the default: any.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>The file with the bearer token that every call must show. Made at first start, readable by its owner alone.</summary>
    [Required]
    public string TokenFile { get; set; } = "";
}

/// <summary>Checks the options at start.</summary>
[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
