using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>The product's API, as far as a measurement needs it.</summary>
internal sealed class RolloutApi : IDisposable
{
    private readonly HttpClient _http;

    public RolloutApi(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Has a request carried out, and answers how it ended.</summary>
    public async Task<string> RunAsync(string request, Action meanwhile, CancellationToken cancellationToken)
    {
        using var content = new StringContent(request, Encoding.UTF8, "application/yaml");
        using var created = await _http.PostAsync(new Uri("v1/rollouts", UriKind.Relative), content, cancellationToken);
        var answer = await created.Content.ReadAsStringAsync(cancellationToken);
        if (!created.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(answer);
        }

        var id = JsonNode.Parse(answer)?["rollout"]?["id"]?.GetValue<string>();
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            meanwhile();
            var list = JsonNode.Parse(await _http.GetStringAsync(new Uri("v1/rollouts", UriKind.Relative), cancellationToken));
            var rollout = list?["rollouts"]?.AsArray().First(one => one?["id"]?.GetValue<string>() == id);
            if (rollout?["state"]?.GetValue<string>() is { } state and not ("Pending" or "Running"))
            {
                return state;
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
