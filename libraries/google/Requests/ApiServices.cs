using System.Collections.Concurrent;
using System.Reflection;
using Google.Apis.Http;
using Google.Apis.Json;
using Google.Apis.Services;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.GoogleCloud.Quotas;
using Microsoft.Extensions.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>All APIs, each made when it is first called as somebody.</summary>
public sealed class ApiServices(IOptions<GoogleCloudOptions> options, GoogleCredentials credentials, QuotaGates quotas) : IDisposable
{
    private static readonly string Version =
        typeof(ApiServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private readonly ConcurrentDictionary<(string Api, IConfigurableHttpClientInitializer Credential), ApiService> _services = new();

    /// <summary>What stands before every call.</summary>
    internal QuotaGates Quotas => quotas;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var service in _services.Values)
        {
            service.Dispose();
        }
    }

    internal async Task<ApiService> GetAsync(string api, CancellationToken cancellationToken)
    {
        var credential = await credentials.GetAsync(cancellationToken);
        return _services.GetOrAdd((api, credential), key => Make(key.Api, key.Credential));
    }

    private ApiService Make(string name, IConfigurableHttpClientInitializer credential)
    {
        var service = new ApiService(name, Address(name), new BaseClientService.Initializer
        {
            ApplicationName = $"meshworkflow/{Version}",
            HttpClientInitializer = credential,
            Serializer = Serializer(),

            // Repeating is ours: reads only, within the caller's deadline. Writes are the workflow's.
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,

            // Our bodies are small; plain ones can be read in a journal.
            GZipEnabled = false,
        });

        // Every call brings its own deadline; some may take minutes.
        service.HttpClient.Timeout = Timeout.InfiniteTimeSpan;
        return service;
    }

    private Uri Address(string api)
    {
        if (options.Value.Endpoints.TryGetValue(api, out var own))
        {
            return WithSlash(own);
        }

        return options.Value.BaseAddress is { } shared
            ? new Uri(WithSlash(shared), api + "/")
            : new Uri($"https://{api}.googleapis.com/");
    }

    private static Uri WithSlash(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static NewtonsoftJsonSerializer Serializer()
    {
        var settings = NewtonsoftJsonSerializer.CreateDefaultSettings();
        settings.DateParseHandling = DateParseHandling.None;
        settings.ContractResolver = new DefaultContractResolver
        {
            NamingStrategy = new CamelCaseNamingStrategy { ProcessDictionaryKeys = false, OverrideSpecifiedNames = false },
        };
        return new NewtonsoftJsonSerializer(settings);
    }
}
