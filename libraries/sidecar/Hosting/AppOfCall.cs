using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Which app is calling: every app has addresses of its own, so the connection says it.</summary>
internal static class AppOfCall
{
    private static readonly object Key = new();

    public static void BelongsTo(this ListenOptions options, AppEndpoints app) => options.Use(next => connection =>
    {
        connection.Items[Key] = app;
        return next(connection);
    });

    public static AppEndpoints App(this HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var app) is true && app is AppEndpoints endpoints
            ? endpoints
            : throw new InvalidOperationException("The connection belongs to no app.");
}
