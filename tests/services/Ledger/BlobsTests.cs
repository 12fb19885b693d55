using System.Security.Cryptography;
using MeshWorkflow.Gateway;
using MeshWorkflow.Ledger;

namespace MeshWorkflow.Tests.Services.Ledger;

public sealed class BlobsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_ThenReadByAnother_IsTheSame()
    {
        await using var service = await ServiceUnderTest.StartAsync(GatewayApp.AppId, GatewayApp.Build);
        var content = new byte[3 * 1024 * 1024];

        var digest = await service.State<Blobs>().AddAsync(content, Token);
        var found = await new Blobs(service.State<MeshState>()).GetAsync(digest, Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), digest);
        Assert.True(found?.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task Add_TooLarge_IsRefused()
    {
        await using var service = await ServiceUnderTest.StartAsync(GatewayApp.AppId, GatewayApp.Build);
        var content = new byte[Blobs.MaxSize + 64 * 1024];
        new Random(7).NextBytes(content);

        await Assert.ThrowsAsync<BlobTooLargeException>(() => service.State<Blobs>().AddAsync(content, Token));
    }

    [Fact]
    public async Task Get_Unknown_IsNothing()
    {
        await using var service = await ServiceUnderTest.StartAsync(GatewayApp.AppId, GatewayApp.Build);

        Assert.Null(await service.State<Blobs>().GetAsync("00", Token));
    }
}
