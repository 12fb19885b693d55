using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Reads what callers send.</summary>
internal static class RequestBodies
{
    /// <returns>The text; null: it is too large.</returns>
    public static async Task<string?> TextAsync(this HttpRequest http, CancellationToken cancellationToken)
    {
        var buffer = new byte[RequestText.MaxSize + 1];
        var length = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > RequestText.MaxSize ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <returns>What was sent; an empty one where nothing was; null: it can't be read.</returns>
    public static async Task<T?> OptionalAsync<T>(this HttpRequest http, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class, new()
    {
        var text = await http.TextAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(text))
        {
            return text is null ? null : new T();
        }

        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
