using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Certificate authorities, from their making to their end.</summary>
internal sealed class CertificateAuthorities(PrivateCaStore store)
{
    private const string Type = "CertificateAuthority";
    private static readonly string[] Outputs = ["name", "state", "tier", "pemCaCertificates", "caCertificateDescriptions", "createTime", "updateTime", "deleteTime", "expireTime", "accessUrls"];

    public Answer List(GoogleRequest request)
    {
        store.CheckPools(request);
        var found = store.Authorities
            .Where(pair => PrivateCaStore.IsBelow(pair.Key, request.Name))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (JsonObject)pair.Value.Content.DeepClone())
            .Where(Filter.Read(request.Query("filter")));
        return Page.Of(request, "certificateAuthorities", found, 100, 1000);
    }

    public Answer Get(GoogleRequest request) => new(200, store.AuthorityOf(request).Content.DeepClone());

    public Operation Create(GoogleRequest request)
    {
        var pool = store.Pool(request);
        var name = $"{request.Name}/{PrivateCaStore.Id(request, "certificateAuthorityId")}";
        if (request.Body["type"]?.GetValue<string>() is not ("SELF_SIGNED" or "SUBORDINATE") || request.Body["config"] is null || request.Body["lifetime"] is null)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate_authority", "type, config and lifetime must be set."));
        }

        if (KeySpecs.Make(request.Body["keySpec"]?["algorithm"]?.GetValue<string>() ?? "") is not { } key)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate_authority.key_spec", "The algorithm of the key must be set."));
        }

        if (store.Authorities.ContainsKey(name) || !store.Coming.Add(name))
        {
            key.Dispose();
            throw new GoogleFailure(GoogleErrors.Exists(name));
        }

        var authority = new Authority(Content(request.Body, name, pool), key);
        if (authority.Content["type"]?.GetValue<string>() == "SELF_SIGNED")
        {
            authority.SignSelf(store.Now);
            authority.State = "STAGED";
        }

        return store.Make(
            request,
            Type,
            authority.Content,
            () =>
            {
                store.Coming.Remove(name);
                store.Authorities.Add(name, authority);
            },
            () => store.Coming.Remove(name));
    }

    public Answer Fetch(GoogleRequest request)
    {
        var authority = store.AuthorityOf(request);
        return authority.State == "AWAITING_USER_ACTIVATION"
            ? new Answer(200, new JsonObject { ["pemCsr"] = authority.SigningRequest() + "\n" })
            : Wrong(authority, "AWAITING_USER_ACTIVATION").Answer;
    }

    public Operation Activate(GoogleRequest request)
    {
        var authority = store.AuthorityOf(request);
        Require(authority, "AWAITING_USER_ACTIVATION");
        var above = Above(request.Body["subordinateConfig"] as JsonObject);
        var pem = request.Body["pemCaCertificate"]?.GetValue<string>() ?? "";
        authority.Activate(pem, above, store.Now);
        var subordinate = request.Body["subordinateConfig"]?.DeepClone();
        return Change(request, authority, "activate", "STAGED", () => authority.Content["subordinateConfig"] = subordinate);
    }

    public Operation Enable(GoogleRequest request) => Move(request, "enable", "ENABLED", "STAGED", "DISABLED");

    public Operation Disable(GoogleRequest request) => Move(request, "disable", "DISABLED", "STAGED", "ENABLED");

    public Operation Undelete(GoogleRequest request) => Move(request, "undelete", "DISABLED", "DELETED");

    public Operation Patch(GoogleRequest request)
    {
        var authority = store.AuthorityOf(request);
        var mask = FieldMask.Read(request.Query("updateMask"), ApiSchemas.Of("privateca").Message(Type), "labels", "subordinateConfig");
        var body = (JsonObject)request.Body.DeepClone();
        return store.Change(request, Type, () =>
        {
            mask.Apply(authority.Content, body);
            return authority.Content;
        });
    }

    /// <summary>Deletes an authority: for a while it can be brought back, unless that is waived.</summary>
    public Operation Delete(GoogleRequest request)
    {
        var authority = store.AuthorityOf(request);
        if (authority.State == "ENABLED")
        {
            throw Wrong(authority, "DISABLED or STAGED");
        }

        if (!request.Flag("ignoreActiveCertificates") && store.Certificates.Values.Any(each => each["issuerCertificateAuthority"]?.GetValue<string>() == authority.Name))
        {
            throw new GoogleFailure(GoogleErrors.Of("FAILED_PRECONDITION", $"'{authority.Name}' has active certificates."));
        }

        if (!request.Flag("skipGracePeriod"))
        {
            return Change(request, authority, "delete", "DELETED", () => authority.Content["deleteTime"] = Times.Text(store.Now));
        }

        return store.Begin(request, request.Name, "delete", effects =>
        {
            store.Authorities.Remove(authority.Name);
            authority.State = "DELETED";
            effects.Add($"deleted //privateca.googleapis.com/{authority.Name}");
            return OperationEnd.Of($"google.cloud.security.privateca.v1.{Type}", authority.Content);
        });
    }

    private Operation Move(GoogleRequest request, string verb, string state, params string[] from)
    {
        var authority = store.AuthorityOf(request);
        return from.Contains(authority.State) ? Change(request, authority, verb, state, () => { }) : throw Wrong(authority, string.Join(" or ", from));
    }

    private Operation Change(GoogleRequest request, Authority authority, string verb, string state, Action change) => store.Change(
        request,
        Type,
        () =>
        {
            authority.State = state;
            authority.Content["updateTime"] = Times.Text(store.Now);
            change();
            return authority.Content;
        },
        verb);

    private IReadOnlyList<string> Above(JsonObject? subordinate)
    {
        if (subordinate?["certificateAuthority"]?.GetValue<string>() is { } name)
        {
            return store.Authorities.GetValueOrDefault(name)?.Chain ?? throw new GoogleFailure(GoogleErrors.NotFound(name));
        }

        var chain = (subordinate?["pemIssuerChain"]?["pemCertificates"] as JsonArray ?? []).Select(pem => pem?.GetValue<string>() ?? "").ToList();
        return chain.Count > 0
            ? chain
            : throw new GoogleFailure(GoogleErrors.Invalid("subordinate_config", "certificate_authority or pem_issuer_chain must be set."));
    }

    private JsonObject Content(JsonObject sent, string name, JsonObject pool)
    {
        var content = new JsonObject { ["name"] = name, ["tier"] = pool["tier"]?.DeepClone(), ["state"] = "AWAITING_USER_ACTIVATION" };
        foreach (var (field, value) in sent.Where(pair => !Outputs.Contains(pair.Key)))
        {
            content[field] = value?.DeepClone();
        }

        content["createTime"] = Times.Text(store.Now);
        content["updateTime"] = Times.Text(store.Now);
        return content;
    }

    private static void Require(Authority authority, string state)
    {
        if (authority.State != state)
        {
            throw Wrong(authority, state);
        }
    }

    private static GoogleFailure Wrong(Authority authority, string state) => new(GoogleErrors.Of(
        "FAILED_PRECONDITION", $"Certificate authority '{authority.Name}' is in state {authority.State}; it must be {state}."));
}
