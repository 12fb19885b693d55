using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>The bodies of planned objects: they lie in the state as large bodies, and the plan refers to them.</summary>
internal sealed class ObjectBodies(Blobs blobs)
{
    /// <summary>The pseudo-field by which a change refers to its object's body.</summary>
    public const string Path = "manifest";

    private readonly Dictionary<string, JsonArray> _read = [];

    /// <summary>Writes bodies.</summary>
    /// <returns>Their references, in the same order.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<JsonObject> bodies, CancellationToken cancellationToken)
    {
        if (bodies.Count == 0)
        {
            return [];
        }

        try
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. bodies.Select(body => body.DeepClone())]));
            var digest = await blobs.AddAsync(content, cancellationToken);
            return [.. bodies.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{digest}/{i}"))];
        }
        catch (BlobTooLargeException) when (bodies.Count > 1)
        {
            var half = bodies.Count / 2;
            return
            [
                .. await WriteAsync([.. bodies.Take(half)], cancellationToken),
                .. await WriteAsync([.. bodies.Skip(half)], cancellationToken),
            ];
        }
        catch (BlobTooLargeException exception)
        {
            throw new MeshException("MANIFEST_TOO_LARGE", exception.Message, "Take an object of that size apart.");
        }
    }

    /// <summary>Reads the body that a change refers to.</summary>
    public async Task<JsonObject> ReadAsync(Change change, CancellationToken cancellationToken)
    {
        var parts = (change.Fields.FirstOrDefault(field => field.Path == Path)?.After?.StringValue ?? "").Split('/');
        if (!_read.TryGetValue(parts[0], out var bodies))
        {
            var content = await blobs.GetAsync(parts[0], cancellationToken) ?? throw new MeshException(
                "PLAN_MISSING", $"The state has no body '{parts[0]}'.", "All apps must use the same state component, with keyPrefix 'name'.");
            bodies = JsonNode.Parse(content.Span) as JsonArray ?? [];
            _read.Add(parts[0], bodies);
        }

        return (JsonObject)bodies[int.Parse(parts[1], CultureInfo.InvariantCulture)]!;
    }
}
