namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>asmcli's environment variables: read where the flag isn't given.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private static readonly string[] Triple = ["PROJECT_ID=app-one", "CLUSTER_NAME=c1", "CLUSTER_LOCATION=us-central1"];
    private readonly Verdict _verdict = new();

    /// <summary>A variable, and where its value is in the request.</summary>
    public static TheoryData<string, string, string> Known => new()
    {
        { "FLEET_ID=fleet-host", "fleet/project", "fleet-host" },
        { "NETWORK_ID=net-a", "clusters/0/networkId", "net-a" },
        { "HTTPS_PROXY=http://proxy.internal:3128", "clusters/0/httpsProxy", "http://proxy.internal:3128" },
        { "CA=MESH_CA", "certificateAuthority/type", "mesh_ca" },
        { "OPTIONAL_OVERLAY=stackdriver,", "options/0", "stackdriver" },
        { "OPTIONAL_OVERLAY=stackdriver,envoy-access-log", "options/1", "envoy-access-log" },
        { "CUSTOM_OVERLAY={}/overlay.yaml,", "overlays/0/name", "overlay.yaml" },
        { "ENABLE_ALL=1", "enable/all", "true" },
        { "ENABLE_GCP_APIS=1", "enable/apis", "true" },
        { "ENABLE_GCP_IAM_ROLES=1", "enable/iamRoles", "true" },
        { "ENABLE_GCP_COMPONENTS=1", "enable/components", "true" },
        { "ENABLE_MESHCONFIG_INIT=1", "enable/meshConfig", "true" },
        { "ENABLE_CLUSTER_ROLES=1", "enable/clusterRoles", "true" },
        { "ENABLE_CLUSTER_LABELS=1", "enable/clusterLabels", "true" },
        { "ENABLE_NAMESPACE_CREATION=1", "enable/namespace", "true" },
        { "ENABLE_REGISTRATION=1", "enable/registration", "true" },
        { "DISABLE_CANONICAL_SERVICE=1", "canonicalService", "false" },
        { "HUB_MEMBERSHIP_ID=my-membership", "clusters/0/membership", "my-membership" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Variable_Set_IsInTheRequest(string variable, string path, string value)
    {
        var node = path.Split('/').Aggregate(
            (System.Text.Json.Nodes.JsonNode?)_verdict.Request("install", [.. Triple, variable]),
            (one, part) => int.TryParse(part, out var index) ? one?[index] : one?[part]);

        Assert.Empty(_verdict.Of("install", [.. Triple, variable]));
        Assert.Equal(value, node?.ToString());
    }

    [Theory]
    [InlineData("ENABLE_ALL=0")]
    [InlineData("ENABLE_ALL=")]
    [InlineData("PRIVATE_ISSUER=1")]
    [InlineData("REVISION_LABEL=not-read")]
    [InlineData("KUBECONFIG_FILE={}/kubeconfig")]
    [InlineData("CA_CERT={}/ca-cert.pem")]
    public void Variable_OffOrNotSwitchedOn_SaysNothing(string variable) => Assert.Equal(
        _verdict.Request("install", Triple).ToJsonString(), _verdict.Request("install", [.. Triple, variable]).ToJsonString());

    [Theory]
    [InlineData("ENABLE_ALL")]
    [InlineData("ENABLE_CLUSTER_ROLES")]
    [InlineData("ENABLE_CLUSTER_LABELS")]
    [InlineData("ENABLE_GCP_APIS")]
    [InlineData("ENABLE_GCP_IAM_ROLES")]
    [InlineData("ENABLE_GCP_COMPONENTS")]
    [InlineData("ENABLE_REGISTRATION")]
    [InlineData("ENABLE_NAMESPACE_CREATION")]
    [InlineData("ENABLE_MESHCONFIG_INIT")]
    [InlineData("ONLY_VALIDATE")]
    [InlineData("ONLY_ENABLE")]
    [InlineData("PRINT_CONFIG")]
    [InlineData("OFFLINE")]
    [InlineData("DRY_RUN")]
    [InlineData("VERBOSE")]
    [InlineData("DISABLE_CANONICAL_SERVICE")]
    [InlineData("DISABLE_UI")]
    [InlineData("USE_VPCSC")]
    [InlineData("MANAGED")]
    [InlineData("MANAGED_CERTIFICATES")]
    [InlineData("EXPLICIT_FLEET_API")]
    public void Toggle_NeitherZeroNorOne_IsRefused(string variable)
    {
        Assert.All(["2", "yes", "true"], value => Assert.Contains($"OUT_OF_RANGE ${variable}", _verdict.Of("install", [.. Triple, $"{variable}={value}"])));
        Assert.Empty(_verdict.Of("install", [.. Triple, $"{variable}=0"]));
    }

    [Theory]
    [InlineData("REVISION_NAME=x")]
    [InlineData("_CI_NO_VALIDATE=1")]
    [InlineData("MAJOR=9")]
    public void Variable_ThatIsNotReadOrOfAsmclisOwnTests_SaysNothing(string variable) => Assert.Equal(
        _verdict.Request("install", Triple).ToJsonString(), _verdict.Request("install", [.. Triple, variable]).ToJsonString());

    [Theory]
    [InlineData("HUB_REGISTRATION_EXTRA_FLAGS=--internal-ip", true)]
    [InlineData("HUB_IDP_URL=https://idp.example.com", true)]
    [InlineData("GKE_CLUSTER_URI=https://container.googleapis.com/v1/projects/p", true)]
    [InlineData("USE_HUB_WIP=0", true)]
    [InlineData("TRUST_FLEET_IDENTITY=0", true)]
    [InlineData("TRUST_FLEET_IDENTITY=1", false)]
    public void Variable_OfRegistrationThatIsNotRead_IsTold(string variable, bool isTold)
    {
        Assert.Equal(isTold, _verdict.Notes("install", [.. Triple, variable]).Contains($"{variable.Split('=')[0]} is set and means nothing here."));
        Assert.Equal(_verdict.Request("install", Triple).ToJsonString(), _verdict.Request("install", [.. Triple, variable]).ToJsonString());
    }

    [Fact]
    public void Kubeconfig_SuppliedBesideTheTriple_IsRefused() => Assert.Equal(
        ["NOT_TOGETHER --project_id", "NOT_TOGETHER --cluster_name", "NOT_TOGETHER --cluster_location"],
        _verdict.Of("install", [.. Triple, "KUBECONFIG_SUPPLIED=1", "KUBECONFIG_FILE={}/kubeconfig"]));

    [Theory]
    [InlineData("PLATFORM=aws", "WRONG_VALUE --platform")]
    [InlineData("CHANNEL=fast", "WRONG_VALUE --channel")]
    [InlineData("SERVICE_ACCOUNT=a@b", "REQUIRED --key_file")]
    [InlineData("KEY_FILE={}/key.json", "REQUIRED --service_account")]
    [InlineData("OUTPUT_DIR={}/key.json", "WRONG_FORMAT --output_dir")]
    [InlineData("ONLY_ENABLE=1", "REQUIRED --only_enable")]
    [InlineData("OFFLINE=1", "REQUIRED --output_dir")]
    [InlineData("MANAGED=1", "MANAGED_NOT_OFFERED --managed")]
    [InlineData("MANAGED_CERTIFICATES=1", "MANAGED_NOT_OFFERED --managed_certificates")]
    [InlineData("EXPLICIT_FLEET_API=1", "MANAGED_NOT_OFFERED --use_fleet_api")]
    public void Variable_WithAWrongValue_IsToldAsItsFlag(string variable, string mistake) =>
        Assert.Equal([mistake], _verdict.Of("install", [.. Triple, variable]));

    [Fact]
    public void Variable_BesideItsFlag_FlagWins() => Assert.Equal(
        "by-flag", _verdict.Request("install --fleet_id by-flag", [.. Triple, "FLEET_ID=by-variable"])["fleet"]?["project"]?.ToString());

    [Fact]
    public void Kubeconfig_Supplied_NamesTheCluster() => Assert.Equal(
        "c1", _verdict.Request("install", "KUBECONFIG_SUPPLIED=1", "KUBECONFIG_FILE={}/kubeconfig")["clusters"]?[0]?["name"]?.ToString());

    [Fact]
    public void PrivateIssuer_ClusterElsewhere_IsInTheRequest()
    {
        const string Line = "install --platform multicloud --fleet_id fleet-host --kubeconfig {}/elsewhere";

        Assert.Empty(_verdict.Of(Line, "PRIVATE_ISSUER=1"));
        Assert.Equal("true", _verdict.Request(Line, "PRIVATE_ISSUER=1")["clusters"]?[0]?["privateIssuer"]?.ToString());
    }

    [Fact]
    public void CustomCa_SwitchedOn_NamesTheFiles() => Assert.Empty(_verdict.Of(
        "install",
        [.. Triple, "CA=citadel", "CUSTOM_CA=1", "CA_CERT={}/ca-cert.pem", "CA_KEY={}/ca-key.pem", "CA_ROOT={}/root-cert.pem", "CA_CHAIN={}/cert-chain.pem"]));

    public void Dispose() => _verdict.Dispose();
}
