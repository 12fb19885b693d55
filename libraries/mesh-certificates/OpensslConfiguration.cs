namespace MeshWorkflow.MeshCertificates;

/// <summary>What openssl needs to make the same root: for those who want to see it, or to make it by themselves.</summary>
public static class OpensslConfiguration
{
    /// <summary>Writes it.</summary>
    /// <param name="subject">Who the root says it is.</param>
    /// <returns>A configuration for <c>openssl req</c>.</returns>
    public static string OfRoot(AuthoritySubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return $"""
            # openssl req -x509 -new -key {CertificateFiles.RootKey} -config {CertificateFiles.RootConfiguration} -days {RootAuthority.DefaultDays} -out {CertificateFiles.Root}
            [ req ]
            prompt = no
            encrypt_key = no
            utf8 = yes
            default_md = sha256
            default_bits = {AuthorityKeys.RsaBits}
            distinguished_name = subject
            req_extensions = authority
            x509_extensions = authority
            [ subject ]
            O = {Escaped(subject.Organization)}
            CN = {Escaped(subject.CommonName)}
            [ authority ]
            subjectKeyIdentifier = hash
            basicConstraints = critical, CA:true
            keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, keyCertSign

            """.ReplaceLineEndings("\n");
    }

    // In openssl's files a dollar begins a variable, a hash a comment.
    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("$", "\\$", StringComparison.Ordinal)
        .Replace("#", "\\#", StringComparison.Ordinal);
}
