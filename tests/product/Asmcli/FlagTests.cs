namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Every flag of asmcli, with good input and bad: the same verdict, before anything is contacted.</summary>
public sealed class FlagTests : IDisposable
{
    private const string Triple = "-p app-one -n c1 -l us-central1";
    private readonly Verdict _verdict = new();

    /// <summary>Good input, each a whole command line.</summary>
    public static TheoryData<string> Good => new(
        $"install {Triple}",
        $"INSTALL {Triple} --CA Mesh_CA",
        $"install -P app-one -N c1 -L us-central1",
        $"install --project-id app-one --cluster-name c1 --cluster-location us-central1 --fleet-id fleet-host",
        $"apply {Triple} --enable_all",
        $"install {Triple} -e -v",
        $"install {Triple} --fleet_id fleet-host --network_id net-a",
        $"install {Triple} -c mesh_ca --ca_pool ignored",
        $"install {Triple} -c gcp_cas --ca_pool projects/p/locations/us-central1/caPools/pool",
        $"install {Triple} -c gcp_cas --ca-pool projects/p/locations/us-central1/caPools/pool:projects/p/locations/us-central1/certificateTemplates/t_1",
        $"install {Triple} -c gcp_cas --ca_pool PROJECTS/P/locations/us-central1/capools/POOL --enable_ca_policy",
        $"install {Triple} -c CITADEL --ca_cert {{}}/ca-cert.pem --ca_key {{}}/ca-key.pem --root_cert {{}}/root-cert.pem --cert_chain {{}}/cert-chain.pem",
        $"install {Triple} -o stackdriver -o envoy-access-log --option hub-meshca",
        $"install {Triple} --custom_overlay {{}}/overlay.yaml --co {{}}/overlay.yaml",
        $"install {Triple} -r my-revision",
        $"install {Triple} -r first -r second",
        $"install {Triple} --platform GCP --channel rapid",
        $"install {Triple} -s mesh@fleet-host.iam.gserviceaccount.com -k {{}}/key.json",
        $"install {Triple} -D {{}}/out",
        $"install {Triple} -d {{}}/not-there-yet",
        $"install {Triple} --working_dir {{}}/out",
        $"install {Triple} --offline --output_dir {{}}/out",
        $"install {Triple} --enable_cluster_roles --enable_cluster_labels --enable_gcp_apis --enable_gcp_iam_roles --enable_gcp_components",
        $"install {Triple} --enable_registration --enable_namespace_creation --enable_meshconfig_init",
        $"install {Triple} --only_enable --enable_gcp_apis",
        $"install {Triple} --only_validate",
        $"install {Triple} --print_config",
        $"install {Triple} --dry_run",
        $"install {Triple} --disable_canonical_service --disable_ui --use_vpcsc --use_managed_cni --legacy --mode any",
        $"install {Triple} --context ignored",
        $"validate {Triple}",
        $"validate {Triple} --enable_meshconfig_init",
        $"print-config {Triple}",
        $"plan {Triple} --enable_all",
        $"x install {Triple}",
        $"experimental install {Triple}",
        "install --kubeconfig {}/kubeconfig",
        "install --kc {}/kubeconfig --ctx other",
        "install --kubeconfig {}/elsewhere --platform multicloud --fleet_id fleet-host --enable_all",
        "install --kubeconfig {}/no-current --context ctx",
        $"install {Triple} -r {new string('r', 63)}");

    /// <summary>asmcli's flags as its description lists them: those with a value, and the others.</summary>
    public static TheoryData<string> Names => new(
        "-p x", "--project_id x", "-n x", "--cluster_name x", "-l x", "--cluster_location x", "--kubeconfig x", "--kc x", "--context x", "--ctx x", "--fleet_id x",
        "--network_id x", "-c x", "--ca x", "--ca_pool x", "--ca_cert x", "--ca_key x", "--root_cert x", "--cert_chain x", "-o x", "--option x", "--custom_overlay x",
        "--co x", "-r x", "--revision_name x", "--platform x", "--channel x", "-s x", "--service_account x", "-k x", "--key_file x", "-D x", "--output_dir x",
        "--working_dir x", "--mode x", "-e", "--enable_all", "--enable_cluster_roles", "--enable_cluster_labels", "--enable_gcp_apis", "--enable_gcp_iam_roles",
        "--enable_gcp_components", "--enable_registration", "--enable_namespace_creation", "--enable_meshconfig_init", "--only_validate", "--only_enable",
        "--print_config", "--offline", "--dry_run", "-v", "--verbose", "--disable_canonical_service", "--disable_ui", "--use_vpcsc", "--managed",
        "--managed_certificates", "--use_fleet_api", "--use_managed_cni", "--legacy");

    /// <summary>Bad input: a whole command line, and what is wrong with it.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "install", "REQUIRED --project_id" },
        { "install -p app-one -n c1", "REQUIRED --cluster_location" },
        { $"install {Triple} --kubeconfig {{}}/kubeconfig", "NOT_TOGETHER --project_id" },
        { $"install {Triple} --ca=mesh_ca", "UNKNOWN_FLAG --ca" },
        { $"install {Triple} -ev", "UNKNOWN_FLAG -ev" },
        { $"install {Triple} --no_such_flag", "UNKNOWN_FLAG --no_such_flag" },
        { $"install {Triple} stray", "UNKNOWN_FLAG 'stray'" },
        { $"install {Triple} --disable-ui", "UNKNOWN_FLAG --disable-ui" },
        { $"install {Triple} --managed-certificates", "UNKNOWN_FLAG --managed-certificates" },
        { $"install {Triple} --fleet_id", "REQUIRED --fleet_id" },
        { $"install {Triple} --fleet_id EMPTY", "REQUIRED --fleet_id" },
        { $"install {Triple} --fleet_id --enable_all", "REQUIRED --fleet_id" },
        { $"install {Triple} --fleet_id Fleet_Host", "WRONG_FORMAT spec.fleet.project" },
        { $"install {Triple} --network_id net/a", "WRONG_FORMAT spec.clusters[0].networkId" },
        { $"install {Triple} --ca vault", "WRONG_VALUE --ca" },
        { $"install {Triple} --ca managed_cas", "WRONG_VALUE --ca" },
        { $"install {Triple} --ca gcp_cas", "REQUIRED --ca_pool" },
        { $"install {Triple} --ca gcp_cas --ca_pool pool", "WRONG_FORMAT --ca_pool" },
        { $"install {Triple} --ca gcp_cas --ca_pool projects/example.com:p/locations/l/caPools/c", "WRONG_FORMAT --ca_pool" },
        { $"install {Triple} --ca gcp_cas --ca_pool projects/p/locations/l/caPools/c:t", "WRONG_FORMAT --ca_pool" },
        { $"install {Triple} --ca_name old", "UNKNOWN_FLAG --ca_name" },
        { $"install {Triple} --ca citadel --ca_cert {{}}/ca-cert.pem", "REQUIRED --ca_key" },
        { $"install {Triple} --ca citadel --ca_cert {{}}/missing.pem", "FILE_MISSING --ca_cert" },
        { $"install {Triple} --ca mesh_ca --root_cert {{}}/root-cert.pem", "NOT_TOGETHER --root_cert" },
        { $"install {Triple} --ca gcp_cas --root_cert {{}}/root-cert.pem", "NOT_TOGETHER --root_cert" },
        { $"install {Triple} -o No_Option!", "WRONG_FORMAT spec.options" },
        { $"install {Triple} --custom_overlay {{}}/missing.yaml", "FILE_MISSING --custom_overlay" },
        { $"install {Triple} --custom_overlay {{}}/out", "FILE_MISSING --custom_overlay" },
        { $"install {Triple} -r -x", "REQUIRED --revision_name" },
        { $"install {Triple} -r a.b", "WRONG_FORMAT spec.mesh.revision" },
        { $"install {Triple} -r Capitals", "WRONG_FORMAT spec.mesh.revision" },
        { $"install {Triple} -r ends-", "WRONG_FORMAT spec.mesh.revision" },
        { $"install {Triple} -r {new string('r', 64)}", "WRONG_FORMAT spec.mesh.revision" },
        { $"install {Triple} --platform aws", "WRONG_VALUE --platform" },
        { $"install {Triple} --channel REGULAR", "WRONG_VALUE --channel" },
        { $"install {Triple} -s mesh@fleet-host.iam.gserviceaccount.com", "REQUIRED --key_file" },
        { $"install {Triple} -k {{}}/key.json", "REQUIRED --service_account" },
        { $"install {Triple} -s mesh@fleet-host.iam.gserviceaccount.com -k {{}}/missing.json", "FILE_MISSING --key_file" },
        { $"install {Triple} -s other@fleet-host.iam.gserviceaccount.com -k {{}}/key.json", "WRONG_FORMAT --key_file" },
        { $"install {Triple} --output_dir {{}}/key.json", "WRONG_FORMAT --output_dir" },
        { $"install {Triple} --offline", "REQUIRED --output_dir" },
        { $"install {Triple} --offline --output_dir {{}}/missing", "FILE_MISSING --output_dir" },
        { $"install {Triple} --only_enable", "REQUIRED --only_enable" },
        { $"install {Triple} --only_enable --enable_meshconfig_init", "REQUIRED --only_enable" },
        { $"install {Triple} --managed", "MANAGED_NOT_OFFERED --managed" },
        { $"x install {Triple} --managed_certificates", "MANAGED_NOT_OFFERED --managed_certificates" },
        { $"install {Triple} --use_fleet_api", "MANAGED_NOT_OFFERED --use_fleet_api" },
        { "install --platform multicloud --fleet_id fleet-host", "REQUIRED --kubeconfig" },
        { "install --platform multicloud --kubeconfig {}/elsewhere", "REQUIRED --fleet_id" },
        { "install --kubeconfig {}/missing", "FILE_MISSING --kubeconfig" },
        { "install --kubeconfig ~/missing", "FILE_MISSING --kubeconfig" },
        { "install --kubeconfig {}/key.json", "REQUIRED --context" },
        { "install --kubeconfig {}/elsewhere", "CLUSTER_UNKNOWN --kubeconfig" },
        { "install --kubeconfig {}/no-current", "REQUIRED --context" },
        { "install --kubeconfig {}/kubeconfig --context nobody", "CONTEXT_UNKNOWN --context" },
        { "install -p app-one -n c1 -l nowhere", "WRONG_FORMAT spec.clusters[0].location" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Flags_GoodInput_HasNoMistake(string line) => Assert.Empty(_verdict.Of(line));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Flags_BadInput_IsRefused(string line, string mistake) => Assert.Contains(mistake, _verdict.Of(line));

    [Theory]
    [MemberData(nameof(Names))]
    public void Flags_EveryOneOfAsmclis_IsKnownInAnyCaseAndWithHyphens(string flag)
    {
        var (name, value) = (flag.Split(' ')[0], flag[flag.Split(' ')[0].Length..]);
        string[] ways = name is "--managed_certificates" or "--disable_ui" ? [name, name.ToUpperInvariant()] : [name, name.ToUpperInvariant(), "--" + name.TrimStart('-').Replace('_', '-')];

        Assert.All(ways.Where(way => name.StartsWith("--", StringComparison.Ordinal) || way.Length == 2), way =>
            Assert.DoesNotContain(_verdict.Of($"install {way}{value}"), mistake => mistake.StartsWith("UNKNOWN_FLAG", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--enable_all", true)]
    [InlineData("--enable_cluster_roles", true)]
    [InlineData("--enable_cluster_labels", true)]
    [InlineData("--enable_gcp_apis", true)]
    [InlineData("--enable_gcp_iam_roles", true)]
    [InlineData("--enable_gcp_components", true)]
    [InlineData("--enable_registration", true)]
    [InlineData("--enable_namespace_creation", true)]
    [InlineData("--enable_meshconfig_init", false)]
    public void Flags_EnableFlag_MakesAValidationAMistakeAndOnlyEnableWorkToDo(string flag, bool counts)
    {
        Assert.Equal(counts ? [$"NOT_TOGETHER {flag}"] : [], _verdict.Of($"validate {Triple} {flag}"));
        Assert.Equal(counts ? [$"NOT_TOGETHER {flag}"] : [], _verdict.Of($"install {Triple} --only_validate {flag}"));
        Assert.Equal(counts ? [] : ["REQUIRED --only_enable"], _verdict.Of($"install {Triple} --only_enable {flag}"));
    }

    [Theory]
    [InlineData("--channel rapid", "--channel has no effect")]
    [InlineData("--use_vpcsc", "--use_vpcsc has no effect")]
    [InlineData("--use_managed_cni", "--use_managed_cni has no effect")]
    [InlineData("--legacy", "--legacy has no effect")]
    [InlineData("--mode any", "--mode has no effect")]
    [InlineData("--disable_ui", "--disable_ui has no effect")]
    [InlineData("--ca_pool ignored", "--ca_pool means something with --ca gcp_cas only")]
    [InlineData("--context ignored", "--context means something with --kubeconfig only")]
    public void Flags_WithoutEffect_AreToldAndChangeNothing(string flags, string note)
    {
        Assert.Contains(_verdict.Notes($"install {Triple} {flags}"), told => told.StartsWith(note, StringComparison.Ordinal));
        Assert.Equal(_verdict.Request($"install {Triple}").ToJsonString(), _verdict.Request($"install {Triple} {flags}").ToJsonString());
    }

    [Fact]
    public void Flags_RelativePaths_AreMadeWhole()
    {
        var folder = Path.GetRelativePath(Directory.GetCurrentDirectory(), _verdict.In("."));
        var request = _verdict.Request(
            $"install {Triple} -s mesh@fleet-host.iam.gserviceaccount.com -k {folder}/key.json --offline -D {folder}/out --co {folder}/overlay.yaml --ca citadel "
            + $"--ca_cert {folder}/ca-cert.pem --ca_key {folder}/ca-key.pem --root_cert {folder}/root-cert.pem --cert_chain {folder}/cert-chain.pem");

        Assert.Equal(_verdict.In("key.json"), request["identity"]?["keyFile"]?.ToString());
        Assert.Equal(_verdict.In("out"), request["package"]?["release"]?.ToString());
        Assert.Equal(
            ["ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem"],
            request["certificateAuthority"]!["files"]!.AsObject().Select(file => Path.GetRelativePath(_verdict.In("."), file.Value!.ToString())));
        Assert.Equal("overlay.yaml", request["overlays"]?[0]?["name"]?.ToString());
    }

    [Fact]
    public void Flags_OptionThatIsGone_IsLeftOutWithANote()
    {
        Assert.Equal("[]", _verdict.Request($"install {Triple} -o hub-meshca")["options"]?.ToJsonString());
        Assert.Contains(_verdict.Notes($"install {Triple} -o hub-meshca"), note => note.Contains("hub-meshca", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("INSTALL --HELP", "install --help")]
    [InlineData("install -H", "install -h")]
    [InlineData("Validate --State folder --Api=http://HOST", "validate --state folder --api=http://HOST")]
    [InlineData("install --VERSION", "--version")]
    [InlineData("X Install --detach", "install --detach")]
    [InlineData("x validate", "x validate")]
    [InlineData("x mcp-migrate-check -f FILE", "x mcp-migrate-check -f FILE")]
    public void Words_InAnyCase_AreTheCommands(string line, string words) => Assert.Equal(words, string.Join(' ', Cli.Asmcli.CommandWords.Of(line.Split(' ')).Rest));

    [Fact]
    public void Flags_ManyMistakes_AreToldAtOnce()
    {
        var found = _verdict.Of("install -p app-one --ca vault --platform aws --offline --custom_overlay {}/missing --nonsense");

        Assert.Equal(
            [
                "FILE_MISSING --custom_overlay", "REQUIRED --cluster_location", "REQUIRED --cluster_name", "REQUIRED --output_dir",
                "UNKNOWN_FLAG --nonsense", "WRONG_VALUE --ca", "WRONG_VALUE --platform",
            ],
            found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Flags_RepeatedSingleValue_LastOneCounts() =>
        Assert.Equal("second", _verdict.Request($"install {Triple} -r first -r second")["mesh"]?["revision"]?.ToString());

    [Fact]
    public void Flags_RepeatedLists_AllCountInOrder() => Assert.Equal(
        ["b", "a", "c"], _verdict.Request($"install {Triple} -o b --option a -O c")["options"]!.AsArray().Select(one => one?.ToString()));

    public void Dispose() => _verdict.Dispose();
}
