namespace MeshWorkflow.MeshCertificates;

/// <summary>The files of a root and of an intermediate, named as Istio's own tools name them.</summary>
public static class CertificateFiles
{
    /// <summary>The root's certificate; also what a cluster trusts.</summary>
    public const string Root = "root-cert.pem";

    /// <summary>The root's key.</summary>
    public const string RootKey = "root-key.pem";

    /// <summary>What openssl would make the root's certificate from.</summary>
    public const string RootConfiguration = "root-ca.conf";

    /// <summary>The root's signing request.</summary>
    public const string RootRequest = "root-cert.csr";

    /// <summary>A cluster's intermediate certificate.</summary>
    public const string Certificate = "ca-cert.pem";

    /// <summary>The intermediate's key.</summary>
    public const string Key = "ca-key.pem";

    /// <summary>The certificates from the intermediate to the root.</summary>
    public const string Chain = "cert-chain.pem";

    /// <summary>What a cluster's secret has, in the order in which it is told.</summary>
    public static IReadOnlyList<string> OfCluster { get; } = [Certificate, Key, Root, Chain];
}
