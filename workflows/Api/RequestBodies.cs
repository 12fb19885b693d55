using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.YamlText;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Reads what callers send.</summary>
internal static class RequestBodies
{
    /// <summary>Reads a rollout request.</summary>
    public static async Task<Sent<FleetInstallRequest>> RequestAsync(this HttpRequest http, CancellationToken cancellationToken)
    {
        var sent = await http.TextAsync(cancellationToken);
        if (sent.Value is not { } text)
        {
            return new(null, sent.Refusal);
        }

        return RequestParser.TryParse(text, out var request, out var mistakes) ? new(request) : new(null, Problems.Mistaken(mistakes));
    }

    /// <summary>Reads a JSON object that may be left out: then it is an empty one.</summary>
    public static async Task<Sent<T>> OptionalAsync<T>(this HttpRequest http, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class, new()
    {
        var sent = await http.TextAsync(cancellationToken);
        if (sent.Value is not { } text)
        {
            return new(null, sent.Refusal);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return new(new T());
        }

        var mistakes = new List<Mistake>();
        try
        {
            var tree = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            RequestCharacters.Check(tree, mistakes);
            return mistakes.Count == 0 && tree.Deserialize(type) is { } value ? new(value) : new(null, Unreadable(mistakes));
        }
        catch (JsonException exception)
        {
            mistakes.Add(new Mistake(
                VisibleText.Of(exception.Path?.TrimStart('$', '.') ?? "", 100), "NOT_READABLE", "can't be read as a field of this call", "GET /openapi/v1.json describes its body."));
            return new(null, Unreadable(mistakes));
        }
        catch (InvalidOperationException)
        {
            return new(null, Unreadable(mistakes));
        }
    }

    private static async Task<Sent<string>> TextAsync(this HttpRequest http, CancellationToken cancellationToken)
    {
        try
        {
            return new(await BoundedYaml.ReadStreamAsync(http.Body, YamlLimits.Request, cancellationToken));
        }
        catch (YamlFormatException exception) when (exception.IsTooLarge)
        {
            return new(null, Problems.TooLarge());
        }
        catch (YamlFormatException exception)
        {
            return new(null, Problems.Mistaken([new Mistake("", "NOT_READABLE", $"The body can't be read: {exception.Message}.", "Send UTF-8.")]));
        }
    }

    private static JsonHttpResult<Problem> Unreadable(IReadOnlyList<Mistake> mistakes) => Problems.Of(
        StatusCodes.Status400BadRequest, "BODY_INVALID", "The body is no JSON object of this call.", "See /openapi/v1.json, or send none.", mistakes);
}

/// <summary>What was sent, or why it is refused.</summary>
/// <param name="Value">What was sent.</param>
/// <param name="Reason">Why it is refused.</param>
internal sealed record Sent<T>(T? Value, JsonHttpResult<Problem>? Reason = null)
    where T : class
{
    public JsonHttpResult<Problem> Refusal => Reason ?? throw new InvalidOperationException("It is not refused.");
}
