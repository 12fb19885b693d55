using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Protos.Certificates.V1;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>A folder of certificates that lies where the service may read.</summary>
internal sealed class CaFolder : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public string Path { get; } = Directory.CreateTempSubdirectory("meshwf-ca-").FullName;

    public static RootAuthority Root(string name = AuthoritySubject.DefaultRoot, int days = 3650) =>
        RootAuthority.Make(new AuthoritySubject(AuthoritySubject.DefaultOrganization, name), KeyKind.Ecdsa, days, Now);

    /// <summary>Writes an intermediate's files.</summary>
    /// <returns>Their paths, as a request names them.</returns>
    public IstioCaFiles Add(string cluster, SigningFiles files, string prefix = "")
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, cluster)).FullName;
        foreach (var (name, content) in files.ByName)
        {
            File.WriteAllText(System.IO.Path.Combine(folder, prefix + name), content);
        }

        Close(System.IO.Path.Combine(folder, prefix + CertificateFiles.Key));
        string Of(string name) => System.IO.Path.Combine(folder, prefix + name);
        return new IstioCaFiles
        {
            CaCert = Of(CertificateFiles.Certificate),
            CaKey = Of(CertificateFiles.Key),
            RootCert = Of(CertificateFiles.Root),
            CertChain = Of(CertificateFiles.Chain),
        };
    }

    public IstioCaRoot Add(RootAuthority root)
    {
        var made = new IstioCaRoot
        {
            Cert = System.IO.Path.Combine(Path, CertificateFiles.Root),
            Key = System.IO.Path.Combine(Path, CertificateFiles.RootKey),
        };
        File.WriteAllText(made.Cert, root.CertificatePem());
        File.WriteAllText(made.Key, root.KeyPem());
        Close(made.Key);
        return made;
    }

    public static SigningFiles Issue(RootAuthority root, string cluster = "mesh-a", int days = 3650) => root.Issue(
        new AuthoritySubject(AuthoritySubject.DefaultOrganization, AuthoritySubject.DefaultIntermediate, cluster), [RootAuthority.DefaultName], days, Now);

    /// <summary>Sets who may read a file.</summary>
    public static void Open(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }
    }

    private static void Close(string file) => Open(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
