using System.Text.Json.Serialization;
using Dapr.Client.Autogen.Grpc.v1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>The HTTP API's metadata.</summary>
internal static class MetadataEndpoints
{
    public static void MapMetadata(this IEndpointRouteBuilder routes, SidecarMetadata metadata)
    {
        routes.MapGet("/v1.0/metadata", (HttpContext context) => Results.Json(
            Answer(metadata.Get(context.App().App.Id)), MetadataJson.Default.MetadataAnswer));
        routes.MapPut("/v1.0/metadata/{key}", async (HttpContext context, string key) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            metadata.Set(context.App().App.Id, key, await reader.ReadToEndAsync(context.RequestAborted));
            return Results.NoContent();
        });
    }

    private static MetadataAnswer Answer(GetMetadataResponse metadata) => new(
        metadata.Id,
        metadata.RuntimeVersion,
        [],
        [.. metadata.RegisteredComponents.Select(c => new ComponentAnswer(c.Name, c.Type, c.Version, [.. c.Capabilities]))],
        metadata.ExtendedMetadata.ToDictionary(),
        [],
        new ActorRuntimeAnswer("RUNNING", [], HostReady: true, Placement: ""),
        new WorkflowsAnswer(metadata.Workflows.ConnectedWorkers));
}

/// <summary>As daprd words it.</summary>
internal sealed record MetadataAnswer(
    string Id,
    string RuntimeVersion,
    IReadOnlyList<string> EnabledFeatures,
    IReadOnlyList<ComponentAnswer> Components,
    IReadOnlyDictionary<string, string> Extended,
    IReadOnlyList<string> Subscriptions,
    ActorRuntimeAnswer ActorRuntime,
    WorkflowsAnswer Workflows);

internal sealed record ComponentAnswer(string Name, string Type, string Version, IReadOnlyList<string> Capabilities);

internal sealed record ActorRuntimeAnswer(string RuntimeStatus, IReadOnlyList<string> ActiveActors, bool HostReady, string Placement);

internal sealed record WorkflowsAnswer(int ConnectedWorkers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MetadataAnswer))]
internal sealed partial class MetadataJson : JsonSerializerContext;
