using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.MeshCertificates;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>A root and its clusters' folders, as the command makes them; of small keys, which are quick.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly RootAuthority _root = RootAuthority.Make(
        new AuthoritySubject(AuthoritySubject.DefaultOrganization, AuthoritySubject.DefaultRoot), KeyKind.Ecdsa, RootAuthority.DefaultDays, TimeProvider.System.GetUtcNow());

    public CertificateFolder()
    {
        Write(CertificateFiles.Root, _root.CertificatePem());
        Write(CertificateFiles.RootKey, _root.KeyPem());
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("meshwf-certs-").FullName;

    public string RootCertificate => _root.CertificatePem();

    /// <summary>A request's authority that names the four files of a cluster.</summary>
    public string Files(string cluster) => $"{{ type: citadel, files: {{ caCert: {In(cluster, CertificateFiles.Certificate)}, caKey: {In(cluster, CertificateFiles.Key)}, rootCert: {In(cluster, CertificateFiles.Root)}, certChain: {In(cluster, CertificateFiles.Chain)} }} }}";

    /// <summary>One that names the folder of all.</summary>
    public string Folder() => $"{{ type: citadel, folder: {Path} }}";

    /// <summary>One that names the root.</summary>
    public string Root() => $"{{ type: citadel, root: {{ cert: {In("", CertificateFiles.Root)}, key: {In("", CertificateFiles.RootKey)} }} }}";

    /// <summary>Makes a cluster's files.</summary>
    public SigningFiles Issue(string cluster, int days = RootAuthority.DefaultDays)
    {
        var files = _root.Issue(
            new AuthoritySubject(AuthoritySubject.DefaultOrganization, AuthoritySubject.DefaultIntermediate, cluster),
            [RootAuthority.DefaultName],
            days,
            TimeProvider.System.GetUtcNow());
        foreach (var (name, content) in files.ByName)
        {
            Write(System.IO.Path.Combine(cluster, name), content);
        }

        return files;
    }

    /// <summary>What is in a secret.</summary>
    public static SigningFiles Read(JsonNode secret)
    {
        string Text(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(secret["data"]![name]!.GetValue<string>()));
        return new SigningFiles(Text(CertificateFiles.Certificate), Text(CertificateFiles.Key), Text(CertificateFiles.Root), Text(CertificateFiles.Chain));
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private string In(string cluster, string name) => System.IO.Path.Combine(Path, cluster, name);

    private void Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file) ?? Path);
        File.WriteAllText(file, content);
    }
}
