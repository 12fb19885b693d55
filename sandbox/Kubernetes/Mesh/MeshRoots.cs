using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>
/// What istiods sign with: the secret <c>cacerts</c>, and without it a root of their own, which the first of them makes and keeps in
/// <c>istio-ca-secret</c>.
/// </summary>
internal sealed class MeshRoots(ClusterState cluster)
{
    /// <summary>The secret that people give.</summary>
    public const string Given = "cacerts";

    /// <summary>The secret that istiod makes.</summary>
    public const string SelfMade = "istio-ca-secret";

    private static readonly string[] GivenKeys = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);
    private static readonly ResourceKind Secrets = BuiltinKinds.Find("", "secrets");

    public static bool IsOne(ResourceKind kind, string name) => kind == Secrets && name is Given or SelfMade;

    /// <summary>The root certificate that istiods of a namespace show, PEM.</summary>
    public string Of(string ns) =>
        Text(Data(ns, Given), "root-cert.pem") is { Length: > 0 } given ? given
        : Text(Data(ns, SelfMade), "ca-cert.pem") is { Length: > 0 } kept ? kept
        : Make(ns);

    /// <summary>Why an istiod can't sign with what it was given; null: it can, or was given nothing.</summary>
    public string? WrongWith(string ns)
    {
        if (Data(ns, Given) is not { } given)
        {
            return null;
        }

        var missing = GivenKeys.Where(key => given[key] is null).ToList();
        if (missing.Count > 0)
        {
            return $"secret {Given} has no {string.Join(", ", missing)}";
        }

        try
        {
            using var signer = X509Certificate2.CreateFromPem(Text(given, "ca-cert.pem"), Text(given, "ca-key.pem"));
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = cluster.Time.GetUtcNow().UtcDateTime;
            chain.ChainPolicy.CustomTrustStore.ImportFromPem(Text(given, "root-cert.pem"));
            chain.ChainPolicy.ExtraStore.ImportFromPem(Text(given, "cert-chain.pem"));
            return chain.Build(signer) ? null : $"cannot verify the cert with the associated root chain: {chain.ChainStatus.FirstOrDefault().StatusInformation}";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return $"failed to create CA from {Given}: {exception.Message}";
        }
    }

    private string Make(string ns)
    {
        var now = cluster.Time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=cluster.local", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var root = request.CreateSelfSigned(now - TimeSpan.FromMinutes(2), now + Lifetime);
        var certificate = root.ExportCertificatePem() + "\n";
        var made = new JsonObject
        {
            ["kind"] = "Secret",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = SelfMade, ["namespace"] = ns },
            ["type"] = "istio.io/ca-root",
            ["data"] = new JsonObject
            {
                ["ca-cert.pem"] = Base64(certificate),
                ["ca-key.pem"] = Base64(key.ExportECPrivateKeyPem() + "\n"),
                ["cert-chain.pem"] = "",
                ["key.pem"] = "",
                ["root-cert.pem"] = "",
            },
        };
        cluster.Writer.Create(Secrets, made, new WriteFacts("pilot-discovery"));
        return certificate;
    }

    private JsonObject? Data(string ns, string name) => cluster.Store.Find(Secrets, ns, name)?.Object("data");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string Text(JsonObject? data, string key)
    {
        var bytes = new byte[data.Text(key).Length];
        return Convert.TryFromBase64String(data.Text(key), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
