using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>An exchange with a real API, as data.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query at the sandbox.</param>
/// <param name="Request">What was sent.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Response">What was answered.</param>
internal sealed record Sample(string Key, string Method, string Path, JsonNode? Request, int Status, JsonObject Response)
{
    private static readonly Dictionary<string, Sample> All = File
        .ReadLines(Path_())
        .Select(line => Read((JsonObject)JsonNode.Parse(line)!))
        .ToDictionary(sample => sample.Key, StringComparer.Ordinal);

    public static IEnumerable<string> Keys => All.Keys;

    public string Api => Path.Split('/')[0];

    public static Sample Of(string key) => All[key];

    private static string Path_() => System.IO.Path.Combine(AppContext.BaseDirectory, "google-api-samples.jsonl");

    private static Sample Read(JsonObject line)
    {
        var url = new Uri(line["url"]!.GetValue<string>());
        return new Sample(
            line["key"]!.GetValue<string>(),
            line["method"]!.GetValue<string>(),
            $"{url.Host.Split('.')[0]}{url.PathAndQuery}",
            line["requestBody"]?.DeepClone(),
            line["status"]!.GetValue<int>(),
            (JsonObject)line["responseBody"]!.DeepClone());
    }
}
