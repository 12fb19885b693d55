using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Who signs the workloads' certificates.</summary>
/// <param name="Type">Which authority.</param>
public sealed record AuthorityRequest(AuthorityType Type)
{
    /// <summary>The pool of CA Service; null with the others.</summary>
    public CaServiceRequest? CaService { get; init; }

    /// <summary>Where Istio CA has its keys from; null with the others.</summary>
    public IstioCaRequest? IstioCa { get; init; }

    /// <summary>Whether the authority of a mesh that is there may be changed, although certificates don't match for a while.</summary>
    public bool AcceptDowntime { get; init; }
}

/// <summary>Which authority signs.</summary>
public enum AuthorityType
{
    /// <summary>Google's mesh certificate authority.</summary>
    MeshCa,

    /// <summary>A pool of Google's Certificate Authority Service.</summary>
    CaService,

    /// <summary>istiod itself, with a key that people bring.</summary>
    IstioCa,
}

/// <summary>A pool of CA Service.</summary>
/// <param name="Pool">Its full name, <c>projects/P/locations/L/caPools/N</c>.</param>
/// <param name="Template">The certificate template's full name; null: none.</param>
/// <param name="EnablePolicy">Whether the pool's issuance policy may be written; else it is only checked.</param>
public sealed record CaServiceRequest(string Pool, string? Template, bool EnablePolicy)
{
    /// <summary>The pools of other regions: a cluster uses the one in its own.</summary>
    public IReadOnlyList<CaServiceRequest> Others { get; init; } = [];

    /// <summary>The pool's region.</summary>
    [JsonIgnore]
    public string Location => Pool.Split('/') is [_, _, _, var location, ..] ? location : "";
}

/// <summary>
/// Where Istio CA has its keys from: one of files, a folder with one folder for each cluster, or a root that an intermediate is made
/// from for each cluster. Paths only, on the machine of the certificates service: what lies there is read by that service alone.
/// </summary>
public sealed record IstioCaRequest
{
    /// <summary>The four files, for one cluster.</summary>
    public CaFiles? Files { get; init; }

    /// <summary>A folder that has a folder with the four files for each cluster, named as the cluster.</summary>
    public string? Folder { get; init; }

    /// <summary>The root that intermediates are made from.</summary>
    public CaRoot? Root { get; init; }
}

/// <summary>The four files of Istio CA.</summary>
/// <param name="CaCert">The intermediate's certificate.</param>
/// <param name="CaKey">Its key.</param>
/// <param name="RootCert">The root's certificate.</param>
/// <param name="CertChain">The chain from the intermediate to the root.</param>
public sealed record CaFiles(string CaCert, string CaKey, string RootCert, string CertChain);

/// <summary>A root that intermediates are made from.</summary>
/// <param name="Cert">Its certificate's file.</param>
/// <param name="Key">Its key's file.</param>
public sealed record CaRoot(string Cert, string Key);
