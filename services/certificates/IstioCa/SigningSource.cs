using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>Where a cluster's signing files come from: from files, from its folder, or from a root that an intermediate is made from.</summary>
internal sealed class SigningSource(CaFiles files, IOptions<IstioCaOptions> options, TimeProvider time)
{
    /// <summary>Reads and checks what a cluster is to sign with.</summary>
    /// <returns>The files, or where an intermediate is to be made its root; and what people should know.</returns>
    /// <exception cref="MeshException">They are not fit: the code of what is wrong, or <c>CA_FILES_UNFIT</c> with one violation for each.</exception>
    public async Task<CheckedSource> CheckAsync(IstioCaSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SourceCase is IstioCaSpec.SourceOneofCase.Root)
        {
            using var root = await RootAsync(spec, cancellationToken);
            Refuse(_ => spec.Root.Cert, SigningChecks.OfRoot(root, time.GetUtcNow(), options.Value.LeastRemaining));
            return new CheckedSource(Files: null, root.CertificatePem(), [.. RootNotices(spec)]);
        }

        var (read, paths) = await ReadAsync(spec, spec.Cluster, cancellationToken);
        var findings = SigningChecks.Of(read, time.GetUtcNow(), options.Value.LeastRemaining);
        Refuse(file => PathOf(paths, file), findings.Wrong);
        await RefuseOtherRootAsync(spec, read, cancellationToken);
        return new CheckedSource(
            read, read.Root, [.. findings.Notices.Select(finding => Notice(finding.Code, $"{finding.Message} {finding.Remedy}")), .. Open(paths.CaKey)]);
    }

    /// <summary>What a cluster signs with: read once more, or made now.</summary>
    public async Task<SigningFiles> TakeAsync(IstioCaSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SourceCase is not IstioCaSpec.SourceOneofCase.Root)
        {
            return (await ReadAsync(spec, spec.Cluster, cancellationToken)).Files;
        }

        using var root = await RootAsync(spec, cancellationToken);
        var subject = new AuthoritySubject(AuthoritySubject.DefaultOrganization, AuthoritySubject.DefaultIntermediate, spec.Cluster.Name);
        return root.Issue(subject, [$"istiod.{spec.Namespace}.svc"], options.Value.IntermediateDays, time.GetUtcNow());
    }

    private async Task<(SigningFiles Files, IstioCaFiles Paths)> ReadAsync(
        IstioCaSpec spec, GkeCluster cluster, CancellationToken cancellationToken)
    {
        var paths = PathsOf(spec, cluster);
        return (
            new SigningFiles(
                await files.ReadAsync(paths.CaCert, cancellationToken),
                await files.ReadAsync(paths.CaKey, cancellationToken),
                await files.ReadAsync(paths.RootCert, cancellationToken),
                await files.ReadAsync(paths.CertChain, cancellationToken)),
            paths);
    }

    private IstioCaFiles PathsOf(IstioCaSpec spec, GkeCluster cluster)
    {
        if (spec.SourceCase is IstioCaSpec.SourceOneofCase.Files)
        {
            return spec.Files;
        }

        if (spec.SourceCase is not IstioCaSpec.SourceOneofCase.Folder)
        {
            throw new MeshException("CA_SOURCE_MISSING", "The request does not say where the keys of Istio CA are.", "Give files, a folder or a root (spec.certificateAuthority).");
        }

        var folder = files.FolderOf(spec.Folder, cluster.Project, cluster.Location, cluster.Name);
        return new IstioCaFiles
        {
            CaCert = Path.Combine(folder, CertificateFiles.Certificate),
            CaKey = Path.Combine(folder, CertificateFiles.Key),
            RootCert = Path.Combine(folder, CertificateFiles.Root),
            CertChain = Path.Combine(folder, CertificateFiles.Chain),
        };
    }

    // A mesh trusts one root: two clusters of different ones would never talk to each other.
    private async Task RefuseOtherRootAsync(IstioCaSpec spec, SigningFiles own, CancellationToken cancellationToken)
    {
        if (spec.SourceCase is not IstioCaSpec.SourceOneofCase.Folder || spec.First is null || spec.First.Equals(spec.Cluster))
        {
            return;
        }

        var path = PathsOf(spec, spec.First).RootCert;
        if (SigningFiles.RootDigest(await files.ReadAsync(path, cancellationToken)) != SigningFiles.RootDigest(own.Root))
        {
            throw new MeshException(
                "CA_ROOT_DIFFERS",
                $"{spec.Cluster.Name} has another root than {spec.First.Name} ({path}): workloads of the one would refuse those of the other.",
                "Make all intermediates from one root; equal names are not enough.");
        }
    }

    private async Task<RootAuthority> RootAsync(IstioCaSpec spec, CancellationToken cancellationToken)
    {
        var (certificate, key) = (await files.ReadAsync(spec.Root.Cert, cancellationToken), await files.ReadAsync(spec.Root.Key, cancellationToken));
        try
        {
            return RootAuthority.Read(certificate, key);
        }
        catch (CertificateException wrong)
        {
            throw new MeshException(wrong.Reason, $"{wrong.Message} ({spec.Root.Cert}, {spec.Root.Key})", "Give the certificate and the key of one root.");
        }
    }

    private static string PathOf(IstioCaFiles paths, string file) => file switch
    {
        CertificateFiles.Key => paths.CaKey,
        CertificateFiles.Root => paths.RootCert,
        CertificateFiles.Chain => paths.CertChain,
        _ => paths.CaCert,
    };

    private static void Refuse(Func<string, string> pathOf, IReadOnlyList<Finding> wrong)
    {
        if (wrong.Count > 0)
        {
            throw new MeshException(
                wrong.Count == 1 ? wrong[0].Code : "CA_FILES_UNFIT",
                string.Join(" ", wrong.Select(finding => finding.Message)),
                string.Join(" ", wrong.Select(finding => finding.Remedy).Where(remedy => remedy.Length > 0).Distinct()))
            {
                Violations =
                [
                    .. wrong.Select(finding => new Violation { Subject = pathOf(finding.File), Code = finding.Code, Message = finding.Message, Remedy = finding.Remedy }),
                ],
            };
        }
    }

    private static IEnumerable<Notice> RootNotices(IstioCaSpec spec) =>
    [
        Notice("CA_ROOT_ONLINE", "The root's key lies where the certificates service reads it. Safest is a root that is offline: make the intermediates there (meshwf certs) and give their folder."),
        .. Open(spec.Root.Key),
    ];

    private static IEnumerable<Notice> Open(string key) => CaFiles.IsOpen(key)
        ? [Notice("CA_KEY_READABLE", $"Everybody on the machine may read {key}. Take that away: chmod 600.")]
        : [];

    private static Notice Notice(string code, string message) => new() { Code = code, Message = message.TrimEnd() };
}

/// <summary>What a cluster is to sign with, as it was checked.</summary>
/// <param name="Files">The files; null: an intermediate is made when it is written.</param>
/// <param name="Root">What the mesh trusts.</param>
/// <param name="Notices">What people should know.</param>
internal sealed record CheckedSource(SigningFiles? Files, string Root, IReadOnlyList<Notice> Notices);
