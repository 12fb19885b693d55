using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Hub;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.ConnectGateway;

/// <summary>Connect Gateway: a way to the API servers of a fleet's members that leads through Google.</summary>
internal sealed partial class ConnectGatewayApi : IGoogleApi, IOpenSite
{
    private readonly Projects _projects;
    private readonly Memberships _memberships;
    private readonly GatewayRights _rights;
    private readonly Func<Uri> _baseAddress;
    private readonly Func<GkeCluster, IApiSite?> _servers;

    public ConnectGatewayApi(Projects projects, Memberships memberships, GatewayRights rights, Func<Uri> baseAddress, Func<GkeCluster, IApiSite?> servers)
    {
        (_projects, _memberships, _rights, _baseAddress, _servers) = (projects, memberships, rights, baseAddress, servers);
        Routes =
        [
            new GoogleRoute(
                "memberships.generateCredentials",
                "GET",
                "v1/projects/{project}/locations/{location}/memberships/{membership}:generateCredentials",
                GenerateCredentials,
                null,
                "forceUseAgent", "version", "kubernetesNamespace", "operatingSystem")
            {
                Permission = "gkehub.gateway.generateCredentials",
            },
        ];
    }

    public string Name => "connectgateway";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    /// <summary>A call of a member's API server is handed to that server, with whom Google knows the caller to be.</summary>
    public ApiCall? Route(string api, string path, ApiRequest request)
    {
        if (api != Name || Member().Match(path) is not { Success: true } match)
        {
            return null;
        }

        var fleet = _projects.Find(match.Groups["project"].Value)?.Id ?? "";
        var name = $"projects/{fleet}/locations/{match.Groups["location"].Value}/memberships/{match.Groups["membership"].Value}";
        var inner = Find(name)?.Cluster is { } cluster && _servers(cluster) is { IsUp: true } server ? server.Route(request with { Path = $"/{match.Groups["rest"].Value}" }) : null;
        return new ApiCall
        {
            Api = inner?.Api ?? Name,
            Via = Name,
            Consumer = fleet,
            Method = inner is null or { Method: ApiMethods.Open } ? "gateway" : inner.Method,
            Resource = inner?.Resource ?? $"//{Name}.googleapis.com/{name}",
            Body = inner?.Body,
            Handle = call => Refuse(call, request, match, name) ?? inner?.Handle(call)
                ?? GoogleErrors.Of("UNAVAILABLE", $"The cluster of '{name}' can't be reached."),
        };
    }

    private Membership? Find(string name) => _memberships.Find(name);

    private Answer? Refuse(ApiCall call, ApiRequest request, Match match, string name)
    {
        if (_projects.Find(match.Groups["project"].Value) is not { } fleet)
        {
            return GoogleErrors.NoConsumer(Name, match.Groups["project"].Value);
        }

        if (!_projects.IsServing(fleet, Name))
        {
            return GoogleErrors.ServiceDisabled(Name, ServiceTitles.Of(Name), fleet.Number);
        }

        if (_rights.Perimeters.Refuse(Name, fleet, call.Principal) is { } keptOut)
        {
            return keptOut;
        }

        var permissions = new[] { "gkehub.memberships.get", $"gkehub.gateway.{VerbOf(request, match.Groups["rest"].Value)}" };
        if (permissions.FirstOrDefault(permission => !_rights.Access.Has(call.Principal, permission, name)) is { } missing)
        {
            return GoogleErrors.Denied(missing, name, "gkehub");
        }

        fleet.UsedServices.Add(Name);
        return Find(name) is null ? GoogleErrors.NotFound(name) : null;
    }

    private static string VerbOf(ApiRequest request, string rest) =>
        request.QueryValue("watch") is "true" or "1" || request.QueryValue("follow") is "true" or "1" || Streaming().IsMatch(rest)
            ? "stream"
            : request.Method switch
            {
                "POST" => "post",
                "PUT" => "put",
                "PATCH" => "patch",
                "DELETE" => "delete",
                _ => "get",
            };

    private Answer GenerateCredentials(GoogleRequest request)
    {
        if (request.Part("project") != request.Project.NumberText)
        {
            return GoogleErrors.Invalid("Request contains an invalid argument.");
        }

        var membership = Find(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));
        var kind = membership.Cluster is null ? "memberships" : "gkeMemberships";
        var location = request.Part("location");
        var endpoint = new Uri(_baseAddress(), $"{Name}/v1/projects/{request.Project.NumberText}/locations/{location}/{kind}/{membership.Id}").ToString();
        var context = $"connectgateway_{request.Project.Id}_{location}_{membership.Id}";
        var kubeconfig = $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: {context}
              cluster:
                server: {endpoint}
            contexts:
            - name: {context}
              context:
                cluster: {context}
                user: {context}
                namespace: {request.Query("kubernetesNamespace") ?? "default"}
            current-context: {context}
            users:
            - name: {context}
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: gke-gcloud-auth-plugin
                  provideClusterInfo: true

            """;
        return new Answer(200, new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)), ["endpoint"] = endpoint });
    }

    [GeneratedRegex("^v1(?:beta1)?/projects/(?<project>[^/]+)/locations/(?<location>[^/]+)/(?:gkeMemberships|memberships)/(?<membership>[^/:]+)(?:/(?<rest>.*))?\\z")]
    private static partial Regex Member();

    [GeneratedRegex("/(exec|attach|portforward|proxy)\\z")]
    private static partial Regex Streaming();
}

/// <summary>Who may come through.</summary>
/// <param name="Access">Who has which role.</param>
/// <param name="Perimeters">Whom service perimeters keep out.</param>
internal sealed record GatewayRights(AccessControl Access, Perimeters Perimeters);
