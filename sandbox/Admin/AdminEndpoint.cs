using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Sandbox.Worlds.Saving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace MeshWorkflow.Sandbox.Admin;

/// <summary>What is done to the world from outside of it: looking at all of it, its journal, faults, holds, tokens.</summary>
internal static class AdminEndpoint
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>How long a save waits for operations, if nobody says otherwise.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public static void UseAdmin(this IApplicationBuilder app, SandboxWorld world, byte[] token)
    {
        app.Use(async (http, next) =>
        {
            if (IsOwner(http.Request, token))
            {
                await next(http);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        });
        app.UseRouting();
        app.UseEndpoints(routes => routes.MapAdmin(world));
    }

    private static void MapAdmin(this IEndpointRouteBuilder routes, SandboxWorld world)
    {
        routes.MapGet("/v1/snapshot", () => TypedResults.Json(world.Snapshot()));
        routes.MapPost("/v1/diff", (DiffRequest request) =>
            TypedResults.Json(WorldDiff.Compare(request.Before, request.After ?? world.Snapshot())));
        routes.MapGet("/v1/save", async (int? waitSeconds, CancellationToken cancellationToken) => await RefusingAsync(async () =>
        {
            var saved = await world.Saves.SaveAsync(waitSeconds is null ? Patience : Wait(waitSeconds), cancellationToken);
            return TypedResults.Bytes(saved.Write(), "application/json");
        }));
        routes.MapPost("/v1/restore", async (HttpRequest request, CancellationToken cancellationToken) => await RefusingAsync(async () =>
        {
            world.Saves.Restore(await SavedWorld.ReadAsync(Unlimited(request), cancellationToken));
            return TypedResults.NoContent();
        }));
        routes.MapGet("/v1/journal", (int? after) => TypedResults.Json(world.Journal.After(after ?? 0)));
        routes.MapGet("/v1/faults", () => TypedResults.Json(world.Faults.Show()));
        routes.MapPut("/v1/faults", async (HttpRequest request, CancellationToken cancellationToken) =>
            await OrderAsync(world, request, cancellationToken));
        routes.MapDelete("/v1/faults", () =>
        {
            world.Faults.CancelAll();
            return TypedResults.NoContent();
        });
        routes.MapPost("/v1/faults", (FaultSpec fault) => TypedResults.Json(new Ordered(world.Faults.Order(fault))));
        routes.MapDelete("/v1/faults/{id}", (string id) => Found(world.Faults.Cancel(id)));
        routes.MapPost("/v1/holds", (HoldSpec hold) => TypedResults.Json(new Ordered(world.Holds.Arm(hold))));
        routes.MapGet("/v1/holds/{id}", async (string id, int? waitSeconds, CancellationToken cancellationToken) =>
            await StateAsync(world.Hold(id), waitSeconds, cancellationToken));
        routes.MapPost("/v1/holds/{id}/release", (string id, HoldAction action) => Found(world.Hold(id)?.Release(action) ?? false));
        routes.MapDelete("/v1/holds/{id}", (string id) => Found(world.Holds.Disarm(id)));
        routes.MapPost("/v1/tokens", (TokenRequest request) => TypedResults.Json(new IssuedToken(world.Google.Tokens.Issue(request.Principal))));
    }

    private static async Task<IResult> OrderAsync(SandboxWorld world, HttpRequest request, CancellationToken cancellationToken)
    {
        using var text = new StreamReader(request.Body, Encoding.UTF8);
        try
        {
            world.Order(FaultPlan.Read(await text.ReadToEndAsync(cancellationToken), "The body"));
            return TypedResults.Json(world.Faults.Show());
        }
        catch (FaultPlanException refused)
        {
            return TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> StateAsync(Holds.Hold? hold, int? waitSeconds, CancellationToken cancellationToken)
    {
        if (hold is null)
        {
            return TypedResults.NotFound();
        }

        await Task.WhenAny(hold.Reached, Task.Delay(Wait(waitSeconds), TimeProvider.System, cancellationToken));
        return TypedResults.Json(new HoldView(hold.State));
    }

    private static TimeSpan Wait(int? seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, LongestWait.TotalSeconds));

    // A whole fleet is larger than what a body may be.
    private static Stream Unlimited(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        return request.Body;
    }

    private static async Task<IResult> RefusingAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (SavedWorldException refused)
        {
            return TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static IResult Found(bool isFound) => isFound ? TypedResults.NoContent() : TypedResults.NotFound();

    private static bool IsOwner(HttpRequest request, byte[] token) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header.Parameter ?? ""), token);
}

/// <summary>Two worlds to compare.</summary>
/// <param name="Before">The first.</param>
/// <param name="After">The second; absent: the world as it is.</param>
internal sealed record DiffRequest(WorldSnapshot Before, WorldSnapshot? After);

/// <summary>Something was ordered.</summary>
/// <param name="Id">Its id.</param>
internal sealed record Ordered(string Id);

/// <summary>Where a hold stands.</summary>
/// <param name="State">Where.</param>
internal sealed record HoldView(HoldState State);

/// <summary>Whose token is wanted.</summary>
/// <param name="Principal">Who, as in a policy: <c>user:ann@example.com</c>.</param>
internal sealed record TokenRequest(string Principal);

/// <summary>A token.</summary>
/// <param name="Token">The token.</param>
internal sealed record IssuedToken(string Token);
