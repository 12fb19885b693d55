using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Pools of certificate authorities, and templates: what certificates may be like.</summary>
internal sealed class CaPools(PrivateCaStore store)
{
    public Answer List(GoogleRequest request) => Page.Of(
        request,
        "caPools",
        store.Pools.Where(pair => PrivateCaStore.IsIn(pair.Key, request)).Select(pair => (JsonObject)pair.Value.DeepClone()).Where(Filter.Read(request.Query("filter"))),
        100,
        1000);

    public Operation Create(GoogleRequest request)
    {
        var pool = (JsonObject)request.Body.DeepClone();
        if (pool["tier"]?.GetValue<string>() is null or "TIER_UNSPECIFIED")
        {
            throw new GoogleFailure(GoogleErrors.Invalid("ca_pool.tier", "The tier must be set."));
        }

        IssuanceRules.Check(pool["issuancePolicy"] as JsonObject, "ca_pool.issuance_policy");
        return Make(request, "caPoolId", "CaPool", pool, store.Pools);
    }

    public Operation Patch(GoogleRequest request)
    {
        var pool = store.Pool(request);
        var mask = FieldMask.Read(
            request.Query("updateMask"), ApiSchemas.Of("privateca").Message("CaPool"), "issuancePolicy", "publishingOptions", "labels");
        var body = (JsonObject)request.Body.DeepClone();
        var changed = (JsonObject)pool.DeepClone();
        mask.Apply(changed, body);
        IssuanceRules.Check(changed["issuancePolicy"] as JsonObject, "ca_pool.issuance_policy");
        return store.Change(request, "CaPool", () =>
        {
            mask.Apply(pool, body);
            return pool;
        });
    }

    public Operation Delete(GoogleRequest request)
    {
        var pool = store.Pool(request);
        if (store.AuthoritiesOf(request.Name).Any())
        {
            throw new GoogleFailure(GoogleErrors.Of("FAILED_PRECONDITION", $"CA pool '{request.Name}' is not empty: it still has certificate authorities."));
        }

        return Remove(request, () => store.Pools.Remove(request.Name));
    }

    public Answer FetchCaCerts(GoogleRequest request)
    {
        store.Pool(request);
        var chains = store.AuthoritiesOf(request.Name)
            .Where(authority => authority.Certificate is not null && authority.State != "DELETED")
            .Select(authority => new JsonObject { ["certificates"] = new JsonArray([.. authority.Chain.Select(pem => JsonValue.Create(pem))]) })
            .ToArray<JsonNode>();
        return new Answer(200, chains.Length == 0 ? [] : new JsonObject { ["caCerts"] = new JsonArray(chains) });
    }

    public Answer ListTemplates(GoogleRequest request) => Page.Of(
        request,
        "certificateTemplates",
        store.Templates.Where(pair => PrivateCaStore.IsIn(pair.Key, request)).Select(pair => (JsonObject)pair.Value.DeepClone()).Where(Filter.Read(request.Query("filter"))),
        100,
        1000);

    public JsonObject Template(GoogleRequest request) => store.Templates.GetValueOrDefault(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));

    public Operation CreateTemplate(GoogleRequest request)
    {
        var template = (JsonObject)request.Body.DeepClone();
        IssuanceRules.Check(template, "certificate_template");
        template["createTime"] = Times.Text(store.Now);
        template["updateTime"] = Times.Text(store.Now);
        return Make(request, "certificateTemplateId", "CertificateTemplate", template, store.Templates);
    }

    public Operation PatchTemplate(GoogleRequest request)
    {
        var template = Template(request);
        var mask = FieldMask.Read(
            request.Query("updateMask"),
            ApiSchemas.Of("privateca").Message("CertificateTemplate"),
            "predefinedValues", "identityConstraints", "passthroughExtensions", "maximumLifetime", "description", "labels");
        var body = (JsonObject)request.Body.DeepClone();
        var changed = (JsonObject)template.DeepClone();
        mask.Apply(changed, body);
        IssuanceRules.Check(changed, "certificate_template");
        return store.Change(request, "CertificateTemplate", () =>
        {
            mask.Apply(template, body);
            template["updateTime"] = Times.Text(store.Now);
            return template;
        });
    }

    public Operation DeleteTemplate(GoogleRequest request)
    {
        Template(request);
        return Remove(request, () => store.Templates.Remove(request.Name));
    }

    private Operation Make(GoogleRequest request, string parameter, string type, JsonObject resource, SortedDictionary<string, JsonObject> kept)
    {
        var name = $"{request.Name}/{PrivateCaStore.Id(request, parameter)}";
        if (kept.ContainsKey(name) || !store.Coming.Add(name))
        {
            throw new GoogleFailure(GoogleErrors.Exists(name));
        }

        var shown = new JsonObject { ["name"] = name };
        foreach (var (field, value) in resource.Where(pair => pair.Key != "name"))
        {
            shown[field] = value?.DeepClone();
        }

        return store.Make(
            request,
            type,
            shown,
            () =>
            {
                store.Coming.Remove(name);
                kept.Add(name, shown);
            },
            () => store.Coming.Remove(name));
    }

    private Operation Remove(GoogleRequest request, Action remove) => store.Begin(request, request.Name, "delete", effects =>
    {
        remove();
        store.Access.Forget(request.Name);
        effects.Add($"deleted //privateca.googleapis.com/{request.Name}");
        return OperationEnd.Empty;
    });
}
