using System.Net;
using System.Text;
using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Planning;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Workflows.Hosting;

/// <summary>The orchestrator: the workflows of rollouts, and the REST API in front of them.</summary>
public static class OrchestratorApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "orchestrator";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddRouting();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RolloutOptions>().BindConfiguration("Rollouts").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RolloutOptions>, RolloutOptionsValidator>();
        services.AddSingleton(StepSpec.Codec);
        services.AddMeshState();
        services.AddReadModel();
        services.AddDaprWorkflow(RolloutWorkflows.Register);
        builder.AddRolloutApi();
        var app = builder.Build();

        // The token is there before anybody could need it.
        app.Services.GetRequiredService<ApiKey>();
        app.UseMiddleware<ProblemAnswers>();
        app.MapGet("/healthz", () => TypedResults.NoContent()).WithName("Health").WithSummary("Whether the orchestrator serves. Open to all.");
        app.MapOpenApi().WithName("OpenApi");
        app.MapRollouts();
        return app;
    }

    private static void AddReadModel(this IServiceCollection services)
    {
        services.AddSingleton<Documents>();
        services.AddSingleton<ScopeRecorder>();
        services.AddSingleton<Controls>();
        services.AddSingleton<Messengers>();
        services.AddSingleton<Plans>();
        services.AddSingleton<Turns>();
        services.AddSingleton<StepRecords>();
        services.AddSingleton<StepClients>();
        services.AddSingleton<AuthorityChecks>();
        services.AddSingleton<OrchestratorIdentity>();
    }

    private static void AddRolloutApi(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Api").Get<ApiOptions>() ?? new ApiOptions();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Bodies are read up to what a request may be; whoever sends more is answered so, not cut off.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Parse(options.Address), options.Port);
        });
        var services = builder.Services;
        services.AddOptions<ApiOptions>().BindConfiguration("Api").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddSingleton(provider =>
            new ApiKey(Encoding.UTF8.GetBytes(ApiToken.ReadOrMake(provider.GetRequiredService<IOptions<ApiOptions>>().Value.TokenFile))));
        services.AddSingleton<RolloutStarts>();
        services.AddSingleton<RolloutQueries>();
        services.AddSingleton<RolloutControls>();
        services.AddSingleton<RolloutEvents>();
        services.AddSingleton<MemberClusters>();
        services.AddSingleton<FleetPreflight>();
        services.AddSingleton<RolloutPlanner>();
        services.AddSingleton<ClusterUnlock>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddOpenApi();
        services.AddHostedService<UnfinishedStarts>();
    }
}
