using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.YamlText;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads what is to be installed where.</summary>
internal static class SpecParser
{
    private const string MeshNamespace = "istio-system";

    public static FleetInstallRequest Parse(RequestReader spec, string name)
    {
        var fleet = spec.Object("fleet");
        var project = fleet?.Project("project");
        fleet?.NothingElse();
        var (member, keyFile) = Identity(spec);
        var details = ClusterParser.Parse(spec, project ?? "");
        IReadOnlyList<ClusterRef> clusters = [.. details.Select(detail => detail.Cluster)];
        var request = new FleetInstallRequest(name, project ?? "", clusters)
        {
            Member = member,
            KeyFile = keyFile,
            Mesh = Mesh(spec),
            Details = [.. details.Where(detail => detail != new ClusterDetail(detail.Cluster))],
            CertificateAuthority = AuthorityParser.Parse(spec),
            Package = Package(spec),
            Options = spec.AllMatching("options", Formats.OptionName(), "can't name an option", "Use an option of the mesh package, such as stackdriver."),
            Overlays = Overlays(spec),
            Gateways = Gateways(spec),
            Injection = Injection(spec),
            Enable = Enable(spec),
            OnlyEnable = spec.Flag("onlyEnable", otherwise: false),
            Firewall = Firewall(spec),
            CanonicalService = spec.Flag("canonicalService", otherwise: true),
            Rollout = RolloutParser.Parse(spec, clusters),
            Undo = Undo(spec),
            PollEvery = PollEvery(spec),
        };
        if (clusters.Count > 1 && request.CertificateAuthority.IstioCa?.Files is not null)
        {
            spec.Wrong(
                "certificateAuthority.files",
                "ONE_CLUSTER_ONLY",
                "are those of one cluster, and there are more",
                "Give a folder with a folder for each cluster, or a root: every cluster has an intermediate of its own.");
        }

        AuthorityOptions.Check(spec, request.CertificateAuthority.Type, request.Options, request.Overlays);
        spec.NotYet("endpointDiscovery");
        spec.NothingElse();
        return request;
    }

    private static (string? Member, string? KeyFile) Identity(RequestReader spec)
    {
        var identity = spec.Object("identity", isRequired: false);
        var member = identity?.Matching(
            "member", Formats.Member(), "is no member", "Write user:EMAIL, serviceAccount:EMAIL or group:EMAIL.", isRequired: false);
        var keyFile = identity?.Text("keyFile", isRequired: false);
        if (keyFile is not null && !Path.IsPathFullyQualified(keyFile))
        {
            identity?.Wrong("keyFile", "WRONG_FORMAT", $"'{keyFile}' is no whole path", "Begin at the root folder. meshwf makes paths whole that it sends.");
        }

        identity?.NothingElse();
        return (member, keyFile);
    }

    private static MeshRequest Mesh(RequestReader spec)
    {
        var mesh = spec.Object("mesh");
        var version = mesh?.Matching("version", Formats.MeshVersion(), "is no version of the mesh", "Write it as 1.23.3-asm.2.");
        var revision = mesh?.Matching(
            "revision", Formats.DnsLabel(), "can't name a revision", "Use 1 to 63 lower-case letters, digits and hyphens.", isRequired: false);
        mesh?.NothingElse();
        return new MeshRequest(version ?? "", revision ?? RevisionOf(version ?? ""));
    }

    // 1.23.3-asm.2 is asm-1233-2.
    private static string RevisionOf(string version) => version.Split('+')[0].Split("-asm.") is [var istio, var build]
        ? $"asm-{istio.Replace(".", "", StringComparison.Ordinal)}-{build}"
        : "";

    private static PackageRequest? Package(RequestReader spec)
    {
        var package = spec.Object("package", isRequired: false);
        if (package is null)
        {
            return null;
        }

        const string Digest = "is no SHA-256";
        const string Remedy = "Write it as 64 hexadecimal digits, in lower case.";
        var found = new PackageRequest(
            package.Text("release", isRequired: false),
            package.Matching("releaseSha256", Formats.Sha256(), Digest, Remedy, isRequired: false),
            package.Text("configuration", isRequired: false),
            package.Matching("configurationSha256", Formats.Sha256(), Digest, Remedy, isRequired: false));
        package.NothingElse();
        return found;
    }

    // A path alone means nothing to the API: the command reads the file and sends what is in it.
    private static List<FileText> Files(RequestReader reader, string field)
    {
        var files = new List<FileText>();
        if (reader.Any(field) is JsonArray items && items.Any(item => item is not JsonObject))
        {
            reader.Wrong(
                field, "FILE_NOT_SENT", "names files, and the API can't read them", "Send {name: …, content: …}, or let meshwf send the request: it reads them.");
            return files;
        }

        foreach (var item in reader.Objects(field, isRequired: false))
        {
            files.Add(new FileText(item.Text("name") ?? "", item.Text("content") ?? ""));
            item.NothingElse();
        }

        reader.Schema?.Describe(field, list => list["items"] = new JsonObject
        {
            ["description"] = "A file with its content, or, for meshwf to read, its path.",
            ["anyOf"] = new JsonArray(list["items"]?.DeepClone(), new JsonObject { ["type"] = "string" }),
        });
        return files;
    }

    private static List<FileText> Overlays(RequestReader spec)
    {
        var overlays = Files(spec, "overlays");
        if (overlays.Sum(overlay => (long)Encoding.UTF8.GetByteCount(overlay.Content)) > OverlayFormat.MaxTogether)
        {
            spec.Wrong("overlays", "OVERLAY_INVALID", $"are larger than {OverlayFormat.MaxTogether / 1024} KiB together", "Lay less over the package, or apply large objects by yourself.");
        }

        for (var i = 0; i < overlays.Count; i++)
        {
            foreach (var (message, remedy) in OverlayFormat.Mistakes(overlays[i].Content))
            {
                spec.Wrong(string.Create(CultureInfo.InvariantCulture, $"overlays[{i}].content"), "OVERLAY_INVALID", $"('{overlays[i].Name}') {message}", remedy);
            }
        }

        return overlays;
    }

    // What their objects may be, the gateway service says: here it only matters that they can be read.
    private static List<FileText> Manifests(RequestReader gateway)
    {
        var manifests = Files(gateway, "manifests");
        for (var i = 0; i < manifests.Count; i++)
        {
            try
            {
                BoundedYaml.Load(manifests[i].Content, YamlLimits.Overlay);
            }
            catch (YamlFormatException exception)
            {
                gateway.Wrong(
                    string.Create(CultureInfo.InvariantCulture, $"manifests[{i}].content"),
                    "MANIFEST_INVALID",
                    $"('{manifests[i].Name}') can't be read: {exception.Message}",
                    "Give Kubernetes manifests, YAML.");
            }
        }

        return manifests;
    }

    private static List<GatewayRequest> Gateways(RequestReader spec)
    {
        var gateways = new List<GatewayRequest>();
        foreach (var item in spec.Objects("gateways", isRequired: false))
        {
            var place = item.Namespace("namespace") ?? "";
            if (place == MeshNamespace)
            {
                item.Wrong("namespace", "MESH_NAMESPACE", "is the control plane's", "Gateways are workloads: give them a namespace of their own.");
            }
            else if (gateways.Any(gateway => gateway.Namespace == place))
            {
                item.Wrong("namespace", "DUPLICATE", $"'{place}' has a gateway already", "Name each namespace once.");
            }

            if (item.Text("kind", isRequired: false) is { } kind and not "ingress")
            {
                var isKnown = kind == "eastwest";
                item.Wrong("kind", isKnown ? "NOT_SUPPORTED_YET" : "WRONG_VALUE", $"is '{kind}'", "It must be ingress.");
            }

            gateways.Add(new GatewayRequest(place, Manifests(item)));
            item.NothingElse();
        }

        return gateways;
    }

    private static InjectionRequest? Injection(RequestReader spec)
    {
        var injection = spec.Object("injection", isRequired: false);
        if (injection is null)
        {
            return null;
        }

        var namespaces = injection.AllMatching(
            "namespaces", Formats.DnsLabel(), "can't name a namespace", "Use 1 to 63 lower-case letters, digits and hyphens.");
        if (namespaces.Count == 0)
        {
            injection.Wrong("namespaces", "EMPTY", "has no namespace", "Name one at least, or leave injection out.");
        }
        else if (namespaces.Contains(MeshNamespace))
        {
            injection.Wrong("namespaces", "MESH_NAMESPACE", $"has '{MeshNamespace}', which is the control plane's", "Leave it out.");
        }

        var found = new InjectionRequest(namespaces, injection.Flag("restart", otherwise: false));
        injection.NothingElse();
        return found;
    }

    private static EnableRequest Enable(RequestReader spec)
    {
        var enable = spec.Object("enable", isRequired: false);
        if (enable is null)
        {
            return new EnableRequest();
        }

        var found = new EnableRequest
        {
            All = enable.Flag("all", otherwise: false),
            IamRoles = enable.Flag("iamRoles", otherwise: false),
            Apis = enable.Flag("apis", otherwise: false),
            Components = enable.Flag("components", otherwise: false),
            MeshConfig = enable.Flag("meshConfig", otherwise: false),
            ClusterRoles = enable.Flag("clusterRoles", otherwise: false),
            ClusterLabels = enable.Flag("clusterLabels", otherwise: false),
            Namespace = enable.Flag("namespace", otherwise: false),
            Registration = enable.Flag("registration", otherwise: false),
        };
        enable.NothingElse();
        return found;
    }

    private static bool Firewall(RequestReader spec)
    {
        var firewall = spec.Object("firewall", isRequired: false);
        var isManaged = firewall?.Flag("manage", otherwise: true) ?? true;
        firewall?.NothingElse();
        return isManaged;
    }

    private static UndoRequest Undo(RequestReader spec)
    {
        var undo = spec.Object("undo", isRequired: false);
        if (undo is null)
        {
            return new UndoRequest();
        }

        var found = new UndoRequest
        {
            DisableApis = undo.Flag("disableApis", otherwise: false),
            GiveUpAfter = undo.Time("giveUpAfter", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(30)),
            MaxConcurrent = undo.Number("maxConcurrent", otherwise: 10, least: 1, most: 100),
        };
        undo.NothingElse();
        return found;
    }

    private static TimeSpan? PollEvery(RequestReader spec)
    {
        var control = spec.Object("control", isRequired: false);
        var every = control?.Time("pollEvery", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        control?.NothingElse();
        return every;
    }
}
