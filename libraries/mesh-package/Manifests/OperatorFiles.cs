using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// The operator and what is laid over it, in the order that counts: operator, certificate authority, options, people's own
/// overlays, and the certificate authority of istiod once more.
/// </summary>
internal static class OperatorFiles
{
    public const string ApiVersion = "install.istio.io/v1alpha1";
    public const string Kind = "IstioOperator";

    // Older packages had it; its job is the membership's now.
    private const string Ignored = "hub-meshca";

    // Where metrics go. The guide: with Istio CA to Prometheus, unless one of them says otherwise.
    private const string OfIstioCa = "prometheus";
    private static readonly string[] ToStackdriver = ["stackdriver", "prometheus-and-stackdriver"];
    private static readonly string[] Metrics = [OfIstioCa, .. ToStackdriver];

    // Decided elsewhere in the request; istioctl would be told two things.
    private static readonly (string Field, string Remedy)[] NotAnOverlays =
    [
        ("revision", "Say it in the request: spec.mesh.revision (--revision_name)."),
        ("namespace", "Leave it out: the control plane is in istio-system."),
        ("installPackagePath", "Leave it out: the package is spec.package."),
    ];

    /// <exception cref="MeshException"><c>OPTION_UNKNOWN</c>, <c>OPTION_UNSUPPORTED</c> or <c>OVERLAY_INVALID</c>.</exception>
    public static IReadOnlyList<(string Name, string Content)> Of(Package package, MeshValues values)
    {
        var setters = SettersOf(package, values);
        string[] authority = values.Authority switch
        {
            CertificateAuthority.IstioCa => ["citadel-ca"],
            CertificateAuthority.CaService => ["private-ca"],
            _ => [],
        };
        var again = values.Authority is CertificateAuthority.IstioCa ? authority : [];
        return
        [
            .. Read(package, "operator", package.OperatorFile, setters),
            .. authority.Concat(MetricsOf(values)).Concat(values.Options.Where(option => option != Ignored))
                .SelectMany(option => Read(package, option, package.OptionFile(option), setters)),
            .. values.Overlays.SelectMany(overlay => Own(overlay)),
            .. again.SelectMany(option => Read(package, $"{option}-last", package.OptionFile(option), setters)),
        ];
    }

    private static Setters SettersOf(Package package, MeshValues values)
    {
        var cluster = values.Cluster;
        var trustDomain = $"{values.FleetProject}.svc.id.goog";
        var set = new Dictionary<string, string>
        {
            ["gcloud.core.project"] = cluster.Project,
            ["gcloud.project.projectNumber"] = cluster.ProjectNumber,
            ["gcloud.container.cluster"] = cluster.Name,
            ["gcloud.compute.location"] = cluster.Location,
            ["gcloud.compute.network"] = cluster.Network,
            ["gcloud.project.environProjectNumber"] = values.FleetNumber,
            ["anthos.servicemesh.rev"] = values.Revision,
            ["anthos.servicemesh.tag"] = package.Version.Release,
            ["anthos.servicemesh.trustDomain"] = trustDomain,
            ["anthos.servicemesh.tokenAudiences"] = $"istio-ca,{trustDomain}",
            ["anthos.servicemesh.created-by"] = $"meshworkflow-{package.Version.Configuration.Replace('+', '.')}",
            ["anthos.servicemesh.idp-url"] = cluster.IdentityProvider,
        };
        if (values.Authority is CertificateAuthority.CaService)
        {
            set["anthos.servicemesh.external_ca.ca_name"] = values.AuthorityPool;
        }

        // Off Google Cloud, istiod with an authority of its own has nobody to tell its metrics to, unless somebody asks for it.
        if (cluster.IsElsewhere && values.Authority is CertificateAuthority.IstioCa && !values.Options.Any(ToStackdriver.Contains))
        {
            set["anthos.servicemesh.controlplane.monitoring.enabled"] = "false";
        }

        var lists = new Dictionary<string, IReadOnlyList<string>>
        {
            // asmcli sets none with Istio CA, and what stands in the file for the fleet's own would be a trust domain by that name.
            ["anthos.servicemesh.trustDomainAliases"] = values.Authority is CertificateAuthority.IstioCa ? [trustDomain] : Aliases(values),
        };
        return package.Read(package.Kptfile, text => new Setters(text, set, lists));
    }

    private static IEnumerable<string> MetricsOf(MeshValues values) =>
        values.Authority is CertificateAuthority.IstioCa && !values.Options.Any(Metrics.Contains) ? [OfIstioCa] : [];

    /// <summary>The trust domains whose certificates the mesh accepts beside its own.</summary>
    public static IReadOnlyList<string> Aliases(MeshValues values)
    {
        IEnumerable<string> aliases = [$"{values.FleetProject}.svc.id.goog", $"{values.FleetProject}.hub.id.goog", $"{values.Cluster.Project}.svc.id.goog"];
        return [.. aliases.Concat(values.Cluster.KnownAliases).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Name, string Content)> Read(Package package, string name, string file, Setters setters) =>
        Pieces(name, setters.Set(package.Read(file, text => text)), (message, _) => new MeshException(
            "OPTION_UNSUPPORTED", $"The package's option '{name}' {message}.", "Leave it out; apply what it brings by yourself."));

    private static IEnumerable<(string Name, string Content)> Own(Overlay overlay) =>
        Pieces(overlay.Name, overlay.Content, (message, remedy) => new MeshException(
            "OVERLAY_INVALID", $"The overlay '{overlay.Name}' {message}.", remedy), NotAnOverlays);

    private static IReadOnlyList<(string Name, string Content)> Pieces(
        string name, string text, Func<string, string, MeshException> refuse, params (string Field, string Remedy)[] forbidden)
    {
        const string Remedy = $"Give documents of kind {Kind}, {ApiVersion}.";
        IReadOnlyList<JsonNode> documents;
        try
        {
            documents = Yaml.Read(text);
        }
        catch (FormatException exception)
        {
            throw refuse($"can't be read: {exception.Message}", Remedy);
        }

        if (documents.Count == 0)
        {
            throw refuse("is empty", Remedy);
        }

        return [.. documents.Select(document =>
        {
            if (document is not JsonObject found || found.Text("kind") != Kind || found.Text("apiVersion") != ApiVersion)
            {
                throw refuse($"is no {Kind} of {ApiVersion}", Remedy);
            }

            if (forbidden.FirstOrDefault(field => found.Node("spec", field.Field) is not null) is { Field: not null } wrong)
            {
                throw refuse($"sets spec.{wrong.Field}", wrong.Remedy);
            }

            return (name, found.ToJsonString());
        })];
    }
}
