using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S18: the command makes the document's files, offline; openssl is the judge.</summary>
public sealed class S18Tests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-certs-").FullName;

    [Fact]
    public async Task Certs_RootAndIntermediate_AreTheDocumentsFiles()
    {
        await MadeAsync(["root"]);
        await MadeAsync(["intermediate", "cluster1", "cluster2"]);

        Assert.Equal(["root-ca.conf", "root-cert.csr", "root-cert.pem", "root-key.pem"], Files("."));
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], Files("cluster1"));
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], Files("cluster2"));
        Assert.Equal(Read("root-cert.pem"), Read("cluster1/root-cert.pem"));
        Assert.Equal(Read("cluster1/ca-cert.pem") + Read("root-cert.pem"), Read("cluster1/cert-chain.pem"));
        foreach (var key in (string[])["root-key.pem", "cluster1/ca-key.pem", "cluster2/ca-key.pem"])
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(_folder, key)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), key);
        }

        // What asmcli asks of openssl before it takes them.
        await Openssl.RunAsync(_folder, "rsa", "-in", "cluster1/ca-key.pem", "-check", "-noout");
        var modulus = await Openssl.RunAsync(_folder, "x509", "-in", "cluster1/ca-cert.pem", "-noout", "-modulus");
        Assert.Equal(modulus, await Openssl.RunAsync(_folder, "rsa", "-in", "cluster1/ca-key.pem", "-noout", "-modulus"));
        await Openssl.RunAsync(_folder, "verify", "-trusted", "cluster1/root-cert.pem", "-untrusted", "cluster1/cert-chain.pem", "cluster1/ca-cert.pem");
        await Openssl.RunAsync(_folder, "verify", "-x509_strict", "-CAfile", "root-cert.pem", "root-cert.pem");
        Assert.Contains("verify OK", await Openssl.RunAsync(_folder, "req", "-in", "root-cert.csr", "-verify", "-noout"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certs_Fields_AreThoseOfTheGoldenFiles()
    {
        await MadeAsync(["root"]);
        await MadeAsync(["intermediate", "cluster1"]);

        Golden("root-cert.txt", await Openssl.FieldsAsync(_folder, "root-cert.pem"));
        Golden("ca-cert.txt", await Openssl.FieldsAsync(_folder, "cluster1/ca-cert.pem"));
        Assert.Contains("Public-Key: (4096 bit)", await Openssl.RunAsync(_folder, "x509", "-in", "root-cert.pem", "-noout", "-text"), StringComparison.Ordinal);
        foreach (var file in (string[])["root-cert.pem", "cluster1/ca-cert.pem"])
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, file));
            Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 3649.9, 3650);
            Assert.InRange(certificate.SerialNumber.Length, 2, 40);
        }
    }

    [Fact]
    public async Task Certs_EcdsaFields_AreThoseOfTheGoldenFiles()
    {
        await MadeAsync(["root", "--key", "ecdsa"]);
        await MadeAsync(["intermediate", "cluster1"]);

        Golden("root-cert-ecdsa.txt", await Openssl.FieldsAsync(_folder, "root-cert.pem"));
        Golden("ca-cert-ecdsa.txt", await Openssl.FieldsAsync(_folder, "cluster1/ca-cert.pem"));
        await Openssl.RunAsync(_folder, "verify", "-x509_strict", "-trusted", "cluster1/root-cert.pem", "-untrusted", "cluster1/cert-chain.pem", "cluster1/ca-cert.pem");
        await Openssl.RunAsync(_folder, "verify", "-x509_strict", "-CAfile", "root-cert.pem", "root-cert.pem");
        Assert.Contains("verify OK", await Openssl.RunAsync(_folder, "req", "-in", "root-cert.csr", "-verify", "-noout"), StringComparison.Ordinal);
        foreach (var (key, certificate) in ((string, string)[])[("root-key.pem", "root-cert.pem"), ("cluster1/ca-key.pem", "cluster1/ca-cert.pem")])
        {
            await Openssl.RunAsync(_folder, "pkey", "-in", key, "-check", "-noout");
            Assert.Equal(await Openssl.RunAsync(_folder, "x509", "-in", certificate, "-noout", "-pubkey"), await Openssl.RunAsync(_folder, "pkey", "-in", key, "-pubout"));
        }

        foreach (var file in (string[])["root-cert.pem", "cluster1/ca-cert.pem"])
        {
            Assert.Contains("NIST CURVE: P-256", await Openssl.RunAsync(_folder, "x509", "-in", file, "-noout", "-text"), StringComparison.Ordinal);
            using var made = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, file));
            Assert.InRange((made.NotAfter - made.NotBefore).TotalDays, 3649.9, 3650);
        }
    }

    [Fact]
    public async Task Certs_Configuration_MakesTheSameRootInOpenssl()
    {
        await MadeAsync(["root", "--organization", "Ring $1 #2", "--common-name", "Mesh, root"]);

        await Openssl.RunAsync(
            _folder, "req", "-x509", "-new", "-key", "root-key.pem", "-config", "root-ca.conf", "-days", "10", "-out", "theirs.pem");

        Assert.Equal(await Openssl.FieldsAsync(_folder, "theirs.pem"), await Openssl.FieldsAsync(_folder, "root-cert.pem"));
    }

    [Fact]
    public async Task Certs_Ecdsa_VerifiesWithOpenssl()
    {
        await MadeAsync(["root", "--key", "ecdsa", "--days", "30"]);
        await MadeAsync(["intermediate", "one", "--san", "istiod.mesh.svc"]);

        await Openssl.RunAsync(_folder, "verify", "-x509_strict", "-trusted", "root-cert.pem", "one/ca-cert.pem");
        var text = await Openssl.RunAsync(_folder, "x509", "-in", "one/ca-cert.pem", "-noout", "-text");
        Assert.Contains("NIST CURVE: P-256", text, StringComparison.Ordinal);
        Assert.Contains("DNS:istiod.mesh.svc", text, StringComparison.Ordinal);
        using var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "root-cert.pem"));
        using var intermediate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "one/ca-cert.pem"));
        Assert.Equal(root.NotAfter, intermediate.NotAfter);
    }

    [Fact]
    public async Task Certs_PathLength_LetsIntermediatesSignWorkloadsOnly()
    {
        await MadeAsync(["root", "--key", "ecdsa"]);
        await MadeAsync(["intermediate", "one"]);
        await Openssl.RunAsync(_folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "leaf.conf"), "basicConstraints=critical,CA:false\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "authority.conf"), "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n", TestContext.Current.CancellationToken);
        foreach (var name in (string[])["leaf", "authority"])
        {
            await Openssl.RunAsync(_folder, "req", "-new", "-key", "key.pem", "-subj", $"/CN={name}", "-out", "csr.pem");
            await Openssl.RunAsync(
                _folder, "x509", "-req", "-in", "csr.pem", "-CA", "one/ca-cert.pem", "-CAkey", "one/ca-key.pem", "-CAcreateserial", "-extfile", $"{name}.conf", "-out", $"{name}.pem");
        }

        await Openssl.RunAsync(_folder, "verify", "-trusted", "root-cert.pem", "-untrusted", "one/cert-chain.pem", "leaf.pem");
        await File.AppendAllTextAsync(Path.Combine(_folder, "one/cert-chain.pem"), Read("authority.pem"), TestContext.Current.CancellationToken);
        await Openssl.RunAsync(_folder, "req", "-new", "-key", "key.pem", "-subj", "/CN=below", "-out", "csr.pem");
        await Openssl.RunAsync(_folder, "x509", "-req", "-in", "csr.pem", "-CA", "authority.pem", "-CAkey", "key.pem", "-CAcreateserial", "-extfile", "leaf.conf", "-out", "below.pem");
        var (_, output) = await Openssl.TryAsync(_folder, "verify", "-trusted", "root-cert.pem", "-untrusted", "one/cert-chain.pem", "below.pem");
        Assert.Contains("path length constraint exceeded", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certs_FilesAreThere_AreNotOverwrittenUnlessSaidSo()
    {
        await MadeAsync(["root", "--key", "ecdsa"]);
        await MadeAsync(["intermediate", "one"]);
        var (root, key) = (Read("root-cert.pem"), Read("one/ca-key.pem"));

        var again = await RunAsync(["root", "--key", "ecdsa"]);
        var both = await RunAsync(["intermediate", "two", "one"]);

        Assert.Equal([2, 2], [again.ExitCode, both.ExitCode]);
        Assert.Contains("root-key.pem", again.Output, StringComparison.Ordinal);
        Assert.Contains("--overwrite", both.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "two")));
        Assert.Equal((root, key), (Read("root-cert.pem"), Read("one/ca-key.pem")));
        await MadeAsync(["intermediate", "one", "--overwrite"]);
        Assert.NotEqual(key, Read("one/ca-key.pem"));
    }

    [Theory]
    [InlineData("intermediate", "../up")]
    [InlineData("intermediate", "a/b")]
    [InlineData("root", "--days", "0")]
    [InlineData("root", "--key", "dsa")]
    [InlineData("intermediate", "one")]
    public async Task Certs_WhatCantBe_IsAMistakeAndWritesNothing(params string[] args)
    {
        var (exitCode, output) = await RunAsync(args);

        Assert.True(exitCode == 2, output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Certs_RootThatOpensslMade_SignsToo()
    {
        await Openssl.RunAsync(
            _folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root-key.pem", "-out", "root-cert.pem", "-days", "100", "-subj", "/O=Ours/CN=Own root");

        await MadeAsync(["intermediate", "one"]);

        await Openssl.RunAsync(_folder, "verify", "-trusted", "root-cert.pem", "-untrusted", "one/cert-chain.pem", "one/ca-cert.pem");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Golden(string name, string found, [CallerFilePath] string file = "")
    {
        var golden = Path.Combine(Path.GetDirectoryName(file) ?? "", "golden", name);
        if (Environment.GetEnvironmentVariable("MESHWF_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden) ?? "");
            File.WriteAllText(golden, found);
        }

        Assert.Equal(File.ReadAllText(golden), found);
    }

    private async Task MadeAsync(string[] args)
    {
        var (exitCode, output) = await RunAsync(args);
        Assert.True(exitCode == 0, output);
    }

    private Task<(int ExitCode, string Output)> RunAsync(string[] args) => ProductProcess.RunAsync(["certs", .. args, "--folder", _folder]);

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    private string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(_folder, folder)).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
}
