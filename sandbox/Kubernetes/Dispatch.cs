using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Access;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Namespaces;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>Takes calls on resources to who carries them out.</summary>
internal sealed class Dispatch
{
    private readonly ClusterState _cluster;
    private readonly NamespaceLifecycle _namespaces;
    private readonly Reads _reads;
    private readonly Writes _writes;
    private readonly Watches _watches;
    private readonly Deletes _deletes;
    private readonly Parts _parts;
    private readonly Authorizer _authorizer;
    private readonly Reviews _reviews;

    public Dispatch(ClusterState cluster, NamespaceLifecycle namespaces, Authorizer authorizer, Reviews reviews)
    {
        _authorizer = authorizer;
        _reviews = reviews;

        _cluster = cluster;
        _namespaces = namespaces;
        _reads = new Reads(cluster);
        _writes = new Writes(cluster, _reads);
        _watches = new Watches(cluster);
        _deletes = new Deletes(cluster, _reads);
        _parts = new Parts(cluster, _reads, _deletes);
    }

    public ApiCall CallOf(ApiRequest request, KubePath path, Func<ApiRequest, Caller> callerOf)
    {
        ResourceKind? kind;
        lock (_cluster.Gate.Gate)
        {
            kind = _cluster.Catalog.Find(path.Group, path.Version, path.Plural);
        }

        var verb = Verb(request, path);
        var body = JournalBodies.Of(request, path);
        var name = path.Name.Length > 0 ? path.Name : (body as JsonObject)?.Name() ?? "";
        var part = path.Subresource.Length > 0 ? $"/{path.Subresource}" : "";
        return new ApiCall
        {
            Api = "kubernetes",
            Method = $"{verb} {path.Plural}{part}",
            Resource = kind is null ? "" : _cluster.FullName(kind, path.Namespace, name),
            Body = body,
            Handle = call => KubernetesCluster.Refusing(() =>
            {
                var caller = callerOf(request);
                _authorizer.Check(caller, AccessWish.Of(path, verb));
                return kind?.Version(path.Version) is { } version
                    ? Carry(new KubeRequest(call, request, caller, path, kind, version, verb) { Now = _cluster.Time.GetUtcNow() })
                    : Missing(path);
            }),
        };
    }

    // Of a group that it doesn't have, a server knows nothing at all.
    private Answer Missing(KubePath path) => _cluster.Catalog.In(path.Group, path.Version).Any()
        ? throw Refusals.NoResource()
        : new Answer(404) { Text = "404 page not found\n" };

    private static string Verb(ApiRequest request, KubePath path) => request.Method switch
    {
        "GET" or "HEAD" when path.IsWatch || request.QueryValue("watch") is "true" or "1" => "watch",
        "GET" or "HEAD" => path.Name.Length > 0 ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.Name.Length > 0 ? "delete" : "deletecollection",
        _ => "",
    };

    private Answer Carry(KubeRequest request)
    {
        Check(request);
        CallOptions.Check(request);
        if (request.Kind.Group is "authentication.k8s.io" or "authorization.k8s.io")
        {
            return _reviews.Answer(request);
        }

        if (request.Path.Subresource is not ("" or "status" or "finalize" or "ephemeralcontainers"))
        {
            return _parts.Answer(request);
        }

        switch (request.Verb)
        {
            case "get":
                return _reads.Get(request);
            case "list":
                return _reads.List(request);
            case "watch":
                return _watches.Watch(request);
            case "create" when request.Name.Length == 0:
                return _writes.Create(request);
            case "update" when request.Name.Length > 0:
                return _writes.Update(request);
            case "patch" when request.Name.Length > 0:
                return _writes.Patch(request);
            case "delete":
                var answer = _deletes.One(request);
                if (request.Kind.GroupResource == "namespaces")
                {
                    request.Call.Aftermath = _namespaces.EndOf(request.Name);
                }

                return answer;
            case "deletecollection":
                return _deletes.Many(request);
            default:
                throw Refusals.NoMethod();
        }
    }

    private static void Check(KubeRequest request)
    {
        if (request.Path.Subresource is { Length: > 0 } name)
        {
            var part = request.Version.Subresources.FirstOrDefault(subresource => subresource.Name == name) ?? throw Refusals.NoResource();
            if (!part.Verbs.Contains(request.Verb))
            {
                throw Refusals.NoMethod();
            }
        }
        else if (!request.Kind.Verbs.Contains(request.Verb))
        {
            throw Refusals.NoMethod();
        }

        if (request.Kind.IsNamespaced && request.Namespace.Length == 0 && request.Verb is not ("list" or "watch"))
        {
            throw request.Verb == "create" ? Refusals.NoMethod() : Refusals.NoResource();
        }
    }
}
