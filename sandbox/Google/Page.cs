using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>One page of a list.</summary>
internal static class Page
{
    private const string Prefix = "from:";

    /// <summary>Answers the page that a request asks for.</summary>
    /// <param name="request">The request: <c>pageSize</c> and <c>pageToken</c> are read.</param>
    /// <param name="field">What the list is called.</param>
    /// <param name="items">All items.</param>
    /// <param name="defaultSize">How many, if the request doesn't say.</param>
    /// <param name="maxSize">How many at most.</param>
    /// <param name="sizeParameter">What the size is called.</param>
    /// <exception cref="GoogleFailure">Size or token are none.</exception>
    public static Answer Of(
        GoogleRequest request, string field, IEnumerable<JsonObject> items, int defaultSize, int maxSize, string sizeParameter = "pageSize")
    {
        var size = Size(request.Query(sizeParameter), defaultSize, maxSize, sizeParameter);
        var start = Start(request.Query("pageToken"));
        var page = items.Skip(start).Take(size + 1).ToList();
        var body = new JsonObject();
        if (page.Count > 0)
        {
            body[field] = new JsonArray([.. page.Take(size)]);
        }

        if (page.Count > size)
        {
            body["nextPageToken"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{start + size}")));
        }

        return new Answer(200, body);
    }

    private static int Size(string? text, int defaultSize, int maxSize, string parameter)
    {
        if (string.IsNullOrEmpty(text))
        {
            return defaultSize;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var size) && size >= 0
            ? size == 0 ? defaultSize : Math.Min(size, maxSize)
            : throw new GoogleFailure(GoogleErrors.Invalid(parameter, $"Invalid value for {parameter}: {text}"));
    }

    private static int Start(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        var bytes = new byte[token.Length];
        var isRead = Convert.TryFromBase64String(token, bytes, out var length);
        return isRead
            && Encoding.ASCII.GetString(bytes, 0, length) is var text
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(text[Prefix.Length..], CultureInfo.InvariantCulture, out var start)
            ? start
            : throw new GoogleFailure(GoogleErrors.Invalid("page_token", "The page token is invalid."));
    }
}
