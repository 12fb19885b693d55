namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class ConnectGatewayTests
{
    private const string Member = "connectgateway/v1/projects/210987654321/locations/us-central1/gkeMemberships/mesh-a";

    [Fact]
    public async Task Path_OfAMember_IsAnsweredByItsApiServer()
    {
        await using var google = await RegisteredAsync();

        var version = await google.OkAsync("GET", $"{Member}/version");

        Assert.NotNull(version["gitVersion"]);
    }

    [Fact]
    public async Task Path_WithoutTheRightOfTheGateway_IsRefusedByGoogle()
    {
        await using var google = await RegisteredAsync();

        var (status, body) = await google.SendAsync("GET", $"{Member}/api/v1/namespaces", principal: "user:nobody@example.com");

        Assert.Equal((403, "PERMISSION_DENIED"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Path_OfAnUnknownMember_IsNotFound()
    {
        await using var google = await RegisteredAsync();

        var (status, body) = await google.SendAsync("GET", "connectgateway/v1/projects/210987654321/locations/global/gkeMemberships/nope/version");

        Assert.Equal((404, "NOT_FOUND"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task GenerateCredentials_TellsAnAddressOfThisSandbox()
    {
        await using var google = await RegisteredAsync();

        var credentials = await google.OkAsync("GET", Sample.Of("cg-creds").Path);

        Assert.Equal(new Uri(google.Address, Member).ToString(), credentials["endpoint"]!.GetValue<string>());
    }

    private static async Task<GoogleFixture> RegisteredAsync()
    {
        var google = await GoogleFixture.StartAsync();
        await google.DoneAsync("gkehub", await google.OkAsync("POST", Sample.Of("hub-create").Path, Sample.Of("hub-create").Request));
        return google;
    }
}
