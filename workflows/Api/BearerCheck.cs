using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Lets nobody in who does not show the API's token.</summary>
internal sealed class BearerCheck(ApiKey key) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var header = context.HttpContext.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), key.Bytes))
        {
            return await next(context);
        }

        context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(
            StatusCodes.Status401Unauthorized, "UNAUTHENTICATED", "The request shows no valid token.", "Send 'Authorization: Bearer TOKEN' with the content of the token file.");
    }
}

/// <summary>The token that callers of the API show.</summary>
/// <param name="Bytes">The token.</param>
internal sealed record ApiKey(byte[] Bytes);
