using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes.Access;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Discovery;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Namespaces;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Saving;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>The API server of one cluster, with its controllers.</summary>
internal sealed class KubernetesCluster : IApiSite, IWorldPart, ISavedPart, IDisposable
{
    private readonly ClusterState _state;
    private readonly Dispatch _dispatch;
    private readonly ServerPaths _server;
    private readonly Authorizer _authorizer;
    private readonly Authenticator _authenticator;
    private readonly Reviews _reviews;
    private readonly NamespaceLifecycle _namespaces;
    private readonly ClusterSave _save;
    private bool _isSeeded;
    private bool _hasHub;
    private JsonObject? _membership;

    /// <param name="world">The cluster.</param>
    /// <param name="authority">The certificate authority of its address, PEM.</param>
    /// <param name="options">How the sandbox runs.</param>
    /// <param name="gate">The world's gate.</param>
    /// <param name="journal">The journal.</param>
    public KubernetesCluster(WorldCluster world, string authority, SandboxOptions options, WorldGate gate, Journal journal)
    {
        _state = new ClusterState(world, options, gate, journal);
        var namespaces = new NamespaceLifecycle(_state, authority);
        BuiltinControllers.Run(_state, authority);
        _server = new ServerPaths(_state);
        _authorizer = new Authorizer(_state.Store);
        _authenticator = new Authenticator(_state.Tokens, authority);
        _reviews = new Reviews(_authorizer, _authenticator);
        _dispatch = new Dispatch(_state, namespaces, _authorizer, _reviews);
        _namespaces = namespaces;
        _save = new ClusterSave(_state, authority);
        if (world.Objects.Count > 0)
        {
            // Mistakes in them are to show at the start.
            lock (gate.Gate)
            {
                Seed();
            }
        }
    }

    public WorldCluster World => _state.World;

    /// <summary>Adds to how the cluster behaves. To be called before the first call is served.</summary>
    public void Extend(Func<ClusterState, ClusterExtension> make)
    {
        var extension = make(_state);
        lock (_state.Gate.Gate)
        {
            _state.Admissions.AddRange(extension.Admissions);
            _state.Health.AddRange(extension.Health);
            foreach (var controller in extension.Controllers)
            {
                _state.Run(controller);
            }
        }
    }

    /// <summary>Says what Google's roles allow in this cluster; until then, all of Google's principals are administrators.</summary>
    public void UseGoogleAccess(GoogleAccess access) => _authorizer.Google = access;

    /// <summary>Says which fleet the cluster is in. From the first time on, the cluster tells it to those who look.</summary>
    /// <param name="spec">What the hub writes of its membership; null: it is in none.</param>
    public void ShowMembership(JsonObject? spec)
    {
        lock (_state.Gate.Gate)
        {
            (_hasHub, _membership) = (true, spec);
            if (_isSeeded)
            {
                FleetObjects.Show(_state, spec);
            }
        }
    }

    /// <summary>Says which tokens are Google's, for calls that come by another way than the cluster's own address.</summary>
    public void UseGoogleTokens(Tokens tokens) => _reviews.Tokens = tokens;

    public bool IsReachable => IsUp && !World.Quirks.Contains(WorldQuirks.EndpointClosed);

    public bool IsUp => !World.Quirks.Contains(WorldQuirks.Unreachable) && !Outages.IsCutOff(RelativeName);

    /// <inheritdoc/>
    public CancellationToken Streams => Outages.StreamsOf(RelativeName);

    /// <summary>Which clusters have vanished; the host sets it.</summary>
    public Outages Outages { get; set; } = new(TimeProvider.System);

    /// <summary><c>projects/P/locations/L/clusters/C</c>.</summary>
    public string RelativeName => $"projects/{World.Project}/locations/{World.Location}/clusters/{World.Name}";

    /// <inheritdoc/>
    /// <remarks>Whoever comes without credentials is known too: as anonymous, who may do next to nothing.</remarks>
    public string? PrincipalOf(ApiRequest request, Tokens tokens)
    {
        lock (_state.Gate.Gate)
        {
            _reviews.Tokens = tokens;
            return _authenticator.CallerOf(request, tokens) is { } caller
                ? caller.GooglePrincipal.Length > 0 ? caller.GooglePrincipal : caller.Name
                : null;
        }
    }

    public ApiCall Route(ApiRequest request)
    {
        lock (_state.Gate.Gate)
        {
            Seed();
        }

        if (KubePath.Read(request.Path) is { Plural.Length: > 0 } path)
        {
            return _dispatch.CallOf(request, path, CallerOf);
        }

        return new ApiCall
        {
            Api = "kubernetes",
            Method = $"get {request.Path}",
            Resource = $"//container.googleapis.com/{RelativeName}",
            Handle = call => Refusing(() => Serve(request)),
        };
    }

    public Answer Unauthenticated() => Refusals.Unauthorized().Answer;

    public Answer Faulty(FaultSpec fault, ApiCall call) =>
        new KubeFailure(fault.Status, FaultReasons.Of(fault), fault.Message, DetailsOf(fault)).Answer;

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources()
    {
        Seed();
        return _state.Catalog.StoredKinds.SelectMany(kind =>
            _state.Store.List(kind).Select(found => KeyValuePair.Create(_state.FullName(kind, found), found.DeepClone())));
    }

    public string SavedAs => $"kubernetes/projects/{World.Project}/locations/{World.Location}/clusters/{World.Name}";

    public JsonNode Save()
    {
        Seed();
        return _save.Save();
    }

    public Action Read(JsonNode saved)
    {
        var restore = _save.Read(saved);
        return () =>
        {
            _isSeeded = true;
            restore();
        };
    }

    public void Dispose() => _state.Dispose();

    // What every cluster has is made when somebody first looks: most of a thousand clusters are never looked at.
    private void Seed()
    {
        if (!_isSeeded)
        {
            _isSeeded = true;
            _namespaces.Seed();
            Nodes.Seed(_state);
            DefaultRoles.Seed(_state);
            ApiService.Seed(_state);
            if (_hasHub)
            {
                FleetObjects.Seed(_state);
                FleetObjects.Show(_state, _membership);
            }

            WorldObjects.Seed(_state);
        }
    }

    private Answer Serve(ApiRequest request)
    {
        _authorizer.Check(CallerOf(request), new AccessWish(request.Method is "HEAD" ? "get" : request.Method.ToLowerInvariant()) { Path = request.Path });
        return request.Method is "GET" or "HEAD" ? _server.Answer(request) : throw Refusals.NoMethod();
    }

    // Who it is was checked before; a caller may act as somebody else if it may impersonate.
    private Caller CallerOf(ApiRequest request)
    {
        // Null: the token was valid when the call came, and isn't any more.
        var caller = _reviews.Tokens is { } tokens ? _authenticator.CallerOf(request, tokens) ?? throw Refusals.Unauthorized() : Caller.Anonymous;
        if (request.ImpersonatedUser.Length == 0)
        {
            return caller;
        }

        _authorizer.Check(caller, new AccessWish("impersonate", "", "users") { Name = request.ImpersonatedUser });
        return new Caller(request.ImpersonatedUser, [.. request.ImpersonatedGroups, "system:authenticated"]);
    }

    internal static Answer Refusing(Func<Answer> act)
    {
        try
        {
            return act();
        }
        catch (KubeFailure refused)
        {
            return refused.Answer;
        }
    }

    private static JsonObject DetailsOf(FaultSpec fault) =>
        fault.RetryAfterSeconds is { } seconds ? new JsonObject { ["retryAfterSeconds"] = seconds } : [];
}
