using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>S19: four files become the secret that istiod signs with; keys are there and nowhere else.</summary>
public sealed class S19Tests
{
    [Fact]
    public async Task BringAbout_FourFiles_AreTheSecretUnderTheRightKeysAndGoAgain()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = CaFolder.Issue(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", files, prefix: "our-own-")));

        var plan = await step.BringAboutAsync();
        var secret = service.Secret();
        await step.RaiseEpochAsync("undo");
        var left = await step.PutBackAsync();

        Assert.Equal(files, secret);
        Assert.Equal(files.Digest(), plan.Changes.Single().Fields.Single(field => field.Path == "data").After.StringValue);
        Assert.Empty(left);
        Assert.Null(service.Secret());
        Assert.Equal(["POST", "DELETE"], service.Sandbox.Journal().Where(entry => entry.Effects.Count > 0 && entry.Path.Contains("/secrets", StringComparison.Ordinal)).Select(entry => entry.HttpMethod));
    }

    [Fact]
    public async Task BringAbout_Keys_AreInNoPlanStateOrLog()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = CaFolder.Issue(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", files)));

        var plan = await step.BringAboutAsync();

        var told = plan + string.Join('\n', service.Logs.Lines) + string.Join('\n', service.StateTexts());
        Assert.Contains(files.Digest(), told, StringComparison.Ordinal);
        Assert.All(Fragments(files.Key), fragment => Assert.DoesNotContain(fragment, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_EqualSecretOfOthers_IsFoundAndStays()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = CaFolder.Issue(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync(files.ByName);

        var plan = await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", files))).PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal("CACERTS_FOUND", Assert.Single(plan.Notices).Code);
    }

    [Fact]
    public async Task Plan_KeyThatEverybodyMayRead_IsNamed()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = folder.Add("any", CaFolder.Issue(root));
        CaFolder.Open(files.CaKey, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await using var service = await IstioCaUnderTest.StartAsync(folder);

        var plan = await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(files)).PlanAsync();

        Assert.Equal("CA_KEY_READABLE", Assert.Single(plan.Notices).Code);
    }

    [Fact]
    public async Task Plan_SecretOfOthersThatDiffers_IsRefusedAndUntouched()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var (files, other) = (CaFolder.Issue(root), CaFolder.Issue(root));
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync(other.ByName);

        var refused = (await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", files))).TryPlanAsync()).Refused;

        Assert.Equal("CACERTS_DIFFER", refused.Reason);
        Assert.Equal(other, service.Secret());
    }

    [Fact]
    public async Task Plan_SecretWithKeysThatIstiodDoesNotKnow_IsRefusedByTheirNames()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = CaFolder.Issue(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync([KeyValuePair.Create("cluster1.pem", files.Certificate), KeyValuePair.Create("cluster1-key.pem", files.Key)]);

        var refused = (await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", files))).TryPlanAsync()).Refused;

        Assert.Equal("CACERTS_DIFFER", refused.Reason);
        Assert.Contains("cluster1-key.pem", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_FilesChangedOrSecretCameMeanwhile_IsAConflict()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", CaFolder.Issue(root))));
        await step.PlanAsync();
        folder.Add("any", CaFolder.Issue(root));

        var changed = await step.ApplyAsync();
        await step.PlanAsync();
        await service.PutAsync(CaFolder.Issue(root).ByName);
        var came = await step.ApplyAsync();

        Assert.Equal([Outcome.OutcomeOneofCase.Conflict, Outcome.OutcomeOneofCase.Conflict], [changed.OutcomeCase, came.OutcomeCase]);
        Assert.Contains("files", changed.Conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_DeliveredTwiceAndLate_WritesOnce()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", CaFolder.Issue(root))));
        await step.BringAboutAsync();
        var epoch = step.Epoch;

        var again = await step.ApplyAsync();
        await step.RaiseEpochAsync("undo");
        await step.PutBackAsync();
        var late = await step.ApplyAsync(epoch);

        Assert.Equal(Outcome.OutcomeOneofCase.Done, again.OutcomeCase);
        Assert.Equal("EPOCH_PASSED", late.Refused.Reason);
        Assert.Null(service.Secret());
    }

    [Fact]
    public async Task PutBack_SomebodyChangedTheSecret_ItStaysAndIsNamed()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(folder.Add("any", CaFolder.Issue(root))));
        await step.BringAboutAsync();
        await service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Patch, "api/v1/namespaces/istio-system/secrets/cacerts", """{"stringData":{"cert-chain.pem":"other"}}""");

        await step.RaiseEpochAsync("undo");
        var residue = Assert.Single(await step.PutBackAsync());

        Assert.True(residue.Ours);
        Assert.NotNull(service.Secret());
    }

    [Theory]
    [InlineData("missing", "CA_FILE_MISSING")]
    [InlineData("outside", "CA_FILE_NOT_ALLOWED")]
    [InlineData("around", "CA_FILE_NOT_ALLOWED")]
    [InlineData("relative", "CA_FILE_NOT_ALLOWED")]
    [InlineData("pipe", "CA_FILE_NOT_REGULAR")]
    public async Task Plan_FilesThatAreNotThereOrNotAllowed_AreRefused(string what, string reason)
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var files = folder.Add("any", CaFolder.Issue(root));
        files.CaKey = what switch
        {
            "missing" => Path.Combine(folder.Path, "none.pem"),
            "outside" => "/etc/hostname",
            "around" => $"{folder.Path}/../../etc/hostname",
            "pipe" => NamedPipe.At(Path.Combine(folder.Path, "pipe.pem")),
            _ => "ca-key.pem",
        };
        await using var service = await IstioCaUnderTest.StartAsync(folder);

        var plan = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(files)).TryPlanAsync();
        var refused = (await plan.WaitAsync(NamedPipe.AtOnce, TimeProvider.System, TestContext.Current.CancellationToken)).Refused;

        Assert.Equal(reason, refused.Reason);
        Assert.Contains(files.CaKey, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AllThatIsWrongWithFiles_IsToldAtOnce()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        using var other = CaFolder.Root();
        var (files, foreign) = (CaFolder.Issue(root, days: 5), CaFolder.Issue(other));
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var paths = folder.Add("any", files with { Key = foreign.Key, Root = foreign.Root });

        var refused = (await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(paths)).TryPlanAsync()).Refused;

        Assert.Equal("CA_FILES_UNFIT", refused.Reason);
        Assert.Equal(["CA_KEY_MISMATCH", "CA_ROOT_DIFFERS", "CA_CHAIN_BROKEN", "CA_EXPIRES_SOON"], refused.Violations.Select(violation => violation.Code));
        Assert.DoesNotContain("PRIVATE KEY", refused.ToString(), StringComparison.Ordinal);
    }

    // Every line of a key, in PEM and as a secret has it.
    private static IEnumerable<string> Fragments(string key)
    {
        var lines = key.Split('\n').Where(line => line.Length >= 40).ToList();
        Assert.NotEmpty(lines);
        return lines.Concat(lines.Select(line => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(line))[..32]));
    }
}
