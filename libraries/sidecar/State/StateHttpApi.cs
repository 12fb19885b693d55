using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.State;

/// <summary>Key-value state over HTTP, as Dapr's clients speak it by default. Values are JSON, stored as they come.</summary>
internal sealed class StateHttpApi(StateStores stores, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1.0/state/{store}/{key}", (HttpContext context, string store, string key) => AnswerAsync(() => Task.FromResult(Get(context, store, key))));
        routes.MapDelete("/v1.0/state/{store}/{key}", (HttpContext context, string store, string key) => AnswerAsync(() => DeleteAsync(context, store, key)));
        string[] writes = ["POST", "PUT"];
        routes.MapMethods("/v1.0/state/{store}", writes, (HttpContext context, string store) => AnswerAsync(() => SaveAsync(context, store)));
        routes.MapMethods("/v1.0/state/{store}/bulk", writes, (HttpContext context, string store) => AnswerAsync(() => BulkAsync(context, store)));
        routes.MapMethods(
            "/v1.0/state/{store}/transaction", writes, (HttpContext context, string store) => AnswerAsync(() => TransactAsync(context, store)));
    }

    private async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            try
            {
                return await answer();
            }
            finally
            {
                await stores.Table.FlushAsync();
            }
        }
        catch (Exception exception) when (exception is SqliteException or StateFileException)
        {
            return Refuse(StatusCodes.Status500InternalServerError, "ERR_STATE_SAVE", exception.Message);
        }
        catch (StateRefusedException refused)
        {
            return Refuse(StatusCodes.Status400BadRequest, "ERR_STATE_STORE", refused.Message);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException and not ObjectDisposedException)
        {
            return Refuse(StatusCodes.Status400BadRequest, "ERR_MALFORMED_REQUEST", exception.Message);
        }
    }

    private IResult Get(HttpContext context, string store, string key)
    {
        if (stores.Table.Get(stores.Key(context.App().App.Id, store, key)) is not { } found)
        {
            return Results.NoContent();
        }

        context.Response.Headers.ETag = $"\"{found.Etag}\"";
        return Results.Bytes(found.Data, "application/json");
    }

    private async Task<IResult> DeleteAsync(HttpContext context, string store, string key)
    {
        var item = new JsonObject
        {
            ["key"] = key,
            ["etag"] = context.Request.Headers.IfMatch.ToString().Trim('"'),
            ["options"] = new JsonObject { ["concurrency"] = context.Request.Query["concurrency"].ToString() },
        };
        return await WriteAsync([Delete(context, store, item)], StatusCodes.Status409Conflict, "ERR_STATE_DELETE");
    }

    private async Task<IResult> SaveAsync(HttpContext context, string store)
    {
        var items = await ReadAsync(context) as JsonArray ?? throw new JsonException("The body is no array of items.");
        return await WriteAsync([.. items.Select(item => Save(context, store, item))], StatusCodes.Status409Conflict, "ERR_STATE_SAVE");
    }

    private async Task<IResult> BulkAsync(HttpContext context, string store)
    {
        var body = await ReadAsync(context);
        var keys = (body?["keys"] as JsonArray ?? []).Select(Text).ToList();
        var found = stores.Table.Get([.. keys.Select(key => stores.Key(context.App().App.Id, store, key))]);
        var answer = new JsonArray([.. keys.Zip(found, (key, value) => (JsonNode)new JsonObject
        {
            ["key"] = key,
            ["data"] = value is null ? null : Json(value.Data),
            ["etag"] = value?.Etag,
        })]);
        return Results.Text(answer.ToJsonString(), "application/json");
    }

    private async Task<IResult> TransactAsync(HttpContext context, string store)
    {
        var body = await ReadAsync(context);
        var operations = body?["operations"] as JsonArray ?? throw new JsonException("'operations' is no array.");
        var writes = operations.Select(operation => Text(operation?["operation"]) switch
        {
            "upsert" => Save(context, store, operation?["request"]),
            "delete" => Delete(context, store, operation?["request"]),
            var other => throw new JsonException($"operation type {other} not supported"),
        });
        return await WriteAsync([.. writes], StatusCodes.Status500InternalServerError, "ERR_STATE_TRANSACTION");
    }

    private async Task<IResult> WriteAsync(IReadOnlyList<StateWrite> writes, int status, string code) =>
        await stores.Table.WriteAsync(writes) is { } mismatch
            ? Refuse(status, code, $"possible etag mismatch. error from state store: the stored version of '{mismatch.Key}' is another one")
            : Results.NoContent();

    private StateWrite Save(HttpContext context, string store, JsonNode? node)
    {
        var item = Item(node);
        item.Value = ByteString.CopyFromUtf8(node?["value"]?.ToJsonString() ?? "null");
        return StateRequests.Save(stores.Key(context.App().App.Id, store, item.Key), item, time.GetUtcNow());
    }

    private StateWrite Delete(HttpContext context, string store, JsonNode? node)
    {
        var item = Item(node);
        return StateRequests.Delete(stores.Key(context.App().App.Id, store, item.Key), item.Etag, item.Options);
    }

    private static StateItem Item(JsonNode? node)
    {
        var item = new StateItem
        {
            Key = Text(node?["key"]),
            Options = new StateOptions
            {
                Concurrency = Text(node?["options"]?["concurrency"]) switch
                {
                    "first-write" => StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite,
                    "last-write" => StateOptions.Types.StateConcurrency.ConcurrencyLastWrite,
                    _ => StateOptions.Types.StateConcurrency.ConcurrencyUnspecified,
                },
            },
        };
        if (Text(node?["etag"]) is { Length: > 0 } etag)
        {
            item.Etag = new Etag { Value = etag };
        }

        foreach (var (name, value) in node?["metadata"] as JsonObject ?? [])
        {
            item.Metadata[name] = Text(value);
        }

        return item;
    }

    // Over gRPC anything can be stored; what isn't JSON is shown as text.
    private static JsonNode? Json(byte[] data)
    {
        try
        {
            return JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(data));
        }
    }

    // SDKs send an etag as text or in an object.
    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonObject wrapped => Text(wrapped["value"]),
        _ => node.ToString(),
    };

    private static async Task<JsonNode?> ReadAsync(HttpContext context) =>
        await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);

    private static IResult Refuse(int status, string code, string message) =>
        Results.Json(new ErrorAnswer(code, message), ErrorJson.Default.ErrorAnswer, statusCode: status);
}
