using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>CA Service: pools, certificate authorities, templates and certificates.</summary>
internal sealed class PrivateCaApi : IGoogleApi, IWorldPart
{
    private const string Location = "v1/projects/{project}/locations/{location}";
    private const string Pool = $"{Location}/caPools/{{pool}}";
    private const string Template = $"{Location}/certificateTemplates/{{template}}";
    private static readonly string[] Listed = ["pageSize", "pageToken", "filter", "orderBy"];
    private readonly PrivateCaStore _store;
    private readonly ApiSchemas _schemas;
    private readonly Longrunning _operations;
    private readonly RequestMemory _memory;

    public PrivateCaApi(PrivateCaStore store, PolicyRoutes policies, Operations operations, RequestMemory memory)
    {
        (_store, _memory, _schemas) = (store, memory, ApiSchemas.Of(Name));
        _operations = new Longrunning(Name, "google.cloud.security.privateca.v1.OperationMetadata", operations);
        var pools = new CaPools(store);
        Routes =
        [
            .. PoolRoutes(pools),
            .. policies.For(Name, "caPools", Pool, request => store.Pool(request)),
            .. AuthorityRoutes(new CertificateAuthorities(store)),
            .. TemplateRoutes(pools),
            .. policies.For(Name, "certificateTemplates", Template, request => pools.Template(request)),
            .. CertificateRoutes(new Certificates(store)),
            new GoogleRoute("operations.list", "GET", $"{Location}/operations", _operations.List, null, "filter", "pageSize", "pageToken", "returnPartialSuccess")
            {
                Permission = "privateca.operations.list",
            },
            new GoogleRoute("operations.get", "GET", $"{Location}/operations/{{operation}}", _operations.Get) { Permission = "privateca.operations.get" },
            new GoogleRoute("operations.cancel", "POST", $"{Location}/operations/{{operation}}:cancel", _operations.Cancel, _schemas.Message("CancelOperationRequest"))
            {
                Permission = "privateca.operations.cancel",
            },
        ];
    }

    public string Name => "privateca";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    public (string Authority, string Tier) SignerOf(string method, string name, ApiRequest request) =>
        method == "certificates.create" ? _store.SignerOf(name[..name.LastIndexOf('/')], request.QueryValue("issuingCertificateAuthorityId")) : ("", "");

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources()
    {
        var all = _store.Pools.Concat(_store.Templates).Concat(_store.Certificates)
            .Concat(_store.Authorities.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Content)));
        foreach (var (name, resource) in all)
        {
            yield return new($"//privateca.googleapis.com/{name}", resource);
            if (_store.Access.Of(name) is { Bindings.Count: > 0 } policy)
            {
                yield return new($"//privateca.googleapis.com/{name}/iamPolicy", policy.Show(version: 3));
            }
        }
    }

    private IEnumerable<GoogleRoute> PoolRoutes(CaPools pools)
    {
        var body = _schemas.Message("CaPool");
        return
        [
            new GoogleRoute("caPools.list", "GET", $"{Location}/caPools", pools.List, null, Listed) { Permission = "privateca.caPools.list" },
            new GoogleRoute("caPools.get", "GET", Pool, request => new Answer(200, _store.Pool(request).DeepClone())) { Permission = "privateca.caPools.get" },
            new GoogleRoute("caPools.create", "POST", $"{Location}/caPools", Once(pools.Create), body, "caPoolId", "requestId")
            {
                Permission = "privateca.caPools.create",
                IdParameter = "caPoolId",
            },
            new GoogleRoute("caPools.patch", "PATCH", Pool, Once(pools.Patch), body, "updateMask", "requestId") { Permission = "privateca.caPools.update" },
            new GoogleRoute("caPools.delete", "DELETE", Pool, Once(pools.Delete), null, "requestId", "ignoreDependentResources")
            {
                Permission = "privateca.caPools.delete",
            },
            new GoogleRoute("caPools.fetchCaCerts", "POST", $"{Pool}:fetchCaCerts", pools.FetchCaCerts, _schemas.Message("FetchCaCertsRequest"))
            {
                Permission = "privateca.caPools.get",
            },
        ];
    }

    private IEnumerable<GoogleRoute> AuthorityRoutes(CertificateAuthorities authorities)
    {
        const string All = $"{Pool}/certificateAuthorities";
        const string One = $"{All}/{{authority}}";
        const string Permission = "privateca.certificateAuthorities";
        var body = _schemas.Message("CertificateAuthority");
        return
        [
            new GoogleRoute("certificateAuthorities.list", "GET", All, authorities.List, null, Listed) { Permission = $"{Permission}.list" },
            new GoogleRoute("certificateAuthorities.get", "GET", One, authorities.Get) { Permission = $"{Permission}.get" },
            new GoogleRoute("certificateAuthorities.create", "POST", All, Once(authorities.Create), body, "certificateAuthorityId", "requestId")
            {
                Permission = $"{Permission}.create",
                IdParameter = "certificateAuthorityId",
            },
            new GoogleRoute("certificateAuthorities.patch", "PATCH", One, Once(authorities.Patch), body, "updateMask", "requestId") { Permission = $"{Permission}.update" },
            new GoogleRoute(
                "certificateAuthorities.delete",
                "DELETE",
                One,
                Once(authorities.Delete),
                null,
                "requestId", "ignoreActiveCertificates", "skipGracePeriod", "ignoreDependentResources")
            {
                Permission = $"{Permission}.delete",
            },
            new GoogleRoute("certificateAuthorities.fetch", "GET", $"{One}:fetch", authorities.Fetch) { Permission = $"{Permission}.get" },
            Verb("activate", authorities.Activate, "Activate"),
            Verb("enable", authorities.Enable, "Enable"),
            Verb("disable", authorities.Disable, "Disable"),
            Verb("undelete", authorities.Undelete, "Undelete"),
        ];

        GoogleRoute Verb(string verb, Func<GoogleRequest, Operation> begin, string message) =>
            new($"certificateAuthorities.{verb}", "POST", $"{One}:{verb}", Once(begin), _schemas.Message($"{message}CertificateAuthorityRequest"))
            {
                Permission = $"{Permission}.update",
            };
    }

    private IEnumerable<GoogleRoute> TemplateRoutes(CaPools pools)
    {
        const string All = $"{Location}/certificateTemplates";
        var body = _schemas.Message("CertificateTemplate");
        return
        [
            new GoogleRoute("certificateTemplates.list", "GET", All, pools.ListTemplates, null, Listed) { Permission = "privateca.certificateTemplates.list" },
            new GoogleRoute("certificateTemplates.get", "GET", Template, request => new Answer(200, pools.Template(request).DeepClone()))
            {
                Permission = "privateca.certificateTemplates.get",
            },
            new GoogleRoute("certificateTemplates.create", "POST", All, Once(pools.CreateTemplate), body, "certificateTemplateId", "requestId")
            {
                Permission = "privateca.certificateTemplates.create",
                IdParameter = "certificateTemplateId",
            },
            new GoogleRoute("certificateTemplates.patch", "PATCH", Template, Once(pools.PatchTemplate), body, "updateMask", "requestId")
            {
                Permission = "privateca.certificateTemplates.update",
            },
            new GoogleRoute("certificateTemplates.delete", "DELETE", Template, Once(pools.DeleteTemplate), null, "requestId")
            {
                Permission = "privateca.certificateTemplates.delete",
            },
        ];
    }

    private IEnumerable<GoogleRoute> CertificateRoutes(Certificates certificates)
    {
        const string All = $"{Pool}/certificates";
        return
        [
            new GoogleRoute("certificates.list", "GET", All, certificates.List, null, Listed) { Permission = "privateca.certificates.list" },
            new GoogleRoute("certificates.get", "GET", $"{All}/{{certificate}}", certificates.Get) { Permission = "privateca.certificates.get" },
            new GoogleRoute(
                "certificates.create",
                "POST",
                All,
                request => _memory.Once(request, () => certificates.Create(request)),
                _schemas.Message("Certificate"),
                "certificateId", "requestId", "validateOnly", "issuingCertificateAuthorityId")
            {
                IdParameter = "certificateId",
            },
            new GoogleRoute("certificates.revoke", "POST", $"{All}/{{certificate}}:revoke", certificates.Revoke, _schemas.Message("RevokeCertificateRequest"))
            {
                Permission = "privateca.certificates.update",
            },
        ];
    }

    private Func<GoogleRequest, Answer> Once(Func<GoogleRequest, Operation> begin) =>
        request => new Answer(200, _operations.Show(_memory.Once(request, () => begin(request))));
}
