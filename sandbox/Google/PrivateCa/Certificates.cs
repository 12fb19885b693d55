using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Issues certificates.</summary>
internal sealed partial class Certificates(PrivateCaStore store)
{
    private const string Reflected = "REFLECTED_SPIFFE";

    public Answer List(GoogleRequest request)
    {
        store.CheckPools(request);
        var found = store.Certificates
            .Where(pair => PrivateCaStore.IsBelow(pair.Key, request.Name))
            .Select(pair => (JsonObject)pair.Value.DeepClone())
            .Where(Filter.Read(request.Query("filter")));
        return Page.Of(request, "certificates", found, 100, 1000);
    }

    public Answer Get(GoogleRequest request) => new(200, Find(request).DeepClone());

    public Answer Revoke(GoogleRequest request)
    {
        var certificate = Find(request);
        certificate["revocationDetails"] = new JsonObject
        {
            ["revocationState"] = request.Body["reason"]?.DeepClone() ?? "REVOCATION_REASON_UNSPECIFIED",
            ["revocationTime"] = Times.Text(store.Now),
        };
        request.Call.Effects.Add($"updated //privateca.googleapis.com/{request.Name}");
        return new Answer(200, certificate.DeepClone());
    }

    /// <summary>Issues a certificate, or tells whether it would.</summary>
    public Answer Create(GoogleRequest request)
    {
        var pool = store.Pool(request);
        CheckPermissions(request);
        var name = NameOf(request, pool);
        var lifetime = Durations.Read(request.Body["lifetime"]?.GetValue<string>())
            ?? throw new GoogleFailure(GoogleErrors.Invalid("certificate.lifetime", "The lifetime must be set."));
        var wanted = (request.Body["pemCsr"]?.GetValue<string>(), request.Body["config"] as JsonObject) switch
        {
            ({ Length: > 0 } pem, null) => WantedCertificate.FromRequest(pem, lifetime),
            (null or "", { } config) => WantedCertificate.FromConfig(config, lifetime),
            _ => throw new GoogleFailure(GoogleErrors.Invalid("certificate", "Exactly one of pem_csr and config must be set.")),
        };
        Reflect(request, wanted);
        var policy = pool["issuancePolicy"] as JsonObject;
        IssuanceRules.CheckForm(policy, wanted.IsRequest, wanted.Key);
        IssuanceRules.Apply(policy, "baselineValues", wanted);
        IssuanceRules.Apply(Template(request), "predefinedValues", wanted);
        if (wanted.Subject.Count == 0 && wanted.Names.Count == 0)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate", "A certificate must have a subject or a subject alternative name."));
        }

        return Issue(request, pool, Issuer(request), wanted, name);
    }

    private Answer Issue(GoogleRequest request, JsonObject pool, Authority issuer, WantedCertificate wanted, string? name)
    {
        var certificate = new JsonObject();
        foreach (var (field, value) in new JsonObject { ["name"] = name, ["pemCsr"] = request.Body["pemCsr"]?.DeepClone(), ["config"] = request.Body["config"]?.DeepClone() })
        {
            if (value is not null)
            {
                certificate[field] = value.DeepClone();
            }
        }

        certificate["issuerCertificateAuthority"] = issuer.Name;
        foreach (var field in (string[])["lifetime", "subjectMode", "certificateTemplate", "labels"])
        {
            if (request.Body[field] is { } value)
            {
                certificate[field] = value.DeepClone();
            }
        }

        if (request.Flag("validateOnly"))
        {
            return new Answer(200, certificate);
        }

        certificate["pemCertificate"] = issuer.Sign(wanted, store.Now);
        certificate["pemCertificateChain"] = new JsonArray([.. issuer.Chain.Select(pem => JsonValue.Create(pem))]);
        certificate["createTime"] = Times.Text(store.Now);
        certificate["updateTime"] = Times.Text(store.Now);

        // Pools of the DevOps tier forget what they issue.
        if (name is not null && pool["tier"]?.GetValue<string>() == "ENTERPRISE")
        {
            store.Certificates.Add(name, (JsonObject)certificate.DeepClone());
            request.Call.Effects.Add($"created //privateca.googleapis.com/{name}");
        }

        return new Answer(200, certificate);
    }

    private void CheckPermissions(GoogleRequest request)
    {
        var pool = request.Name[..request.Name.LastIndexOf('/')];
        var isReflected = request.Body["subjectMode"]?.GetValue<string>() == Reflected;
        var may = store.Access.Has(request.Principal, "privateca.certificates.create", pool)
            || (isReflected && store.Access.Has(request.Principal, "privateca.certificates.createForSelf", pool));
        if (!may)
        {
            throw new GoogleFailure(GoogleErrors.Denied(isReflected ? "privateca.certificates.createForSelf" : "privateca.certificates.create", pool, "privateca"));
        }
    }

    private JsonObject? Template(GoogleRequest request)
    {
        if (request.Body["certificateTemplate"]?.GetValue<string>() is not { Length: > 0 } name)
        {
            return null;
        }

        var template = store.Templates.GetValueOrDefault(name) ?? throw new GoogleFailure(GoogleErrors.NotFound(name));
        if (name.Split('/')[3] != request.Part("location"))
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate.certificate_template", "The template must be in the location of the CA pool."));
        }

        return store.Access.Has(request.Principal, "privateca.certificateTemplates.use", name)
            ? template
            : throw new GoogleFailure(GoogleErrors.Denied("privateca.certificateTemplates.use", name, "privateca"));
    }

    // A workload of a fleet gets a certificate for itself, whatever it asks for.
    private static void Reflect(GoogleRequest request, WantedCertificate wanted)
    {
        if (request.Body["subjectMode"]?.GetValue<string>() != Reflected)
        {
            return;
        }

        var match = Workload().Match(request.Principal);
        if (!match.Success)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate.subject_mode", "REFLECTED_SPIFFE is for callers with a workload identity."));
        }

        wanted.Subject = [];
        wanted.Names = [new AlternativeName("URI", $"spiffe://{match.Groups["pool"].Value}/ns/{match.Groups["namespace"].Value}/sa/{match.Groups["account"].Value}")];
    }

    private Authority Issuer(GoogleRequest request)
    {
        var pool = request.Name[..request.Name.LastIndexOf('/')];
        if (request.Query("issuingCertificateAuthorityId") is { Length: > 0 } id)
        {
            var named = store.Authorities.GetValueOrDefault($"{pool}/certificateAuthorities/{id}")
                ?? throw new GoogleFailure(GoogleErrors.NotFound($"{pool}/certificateAuthorities/{id}"));
            return named.State is "ENABLED" or "STAGED"
                ? named
                : throw new GoogleFailure(GoogleErrors.Of("FAILED_PRECONDITION", $"Certificate authority '{named.Name}' is in state {named.State}."));
        }

        return store.IssuerOf(pool)
            ?? throw new GoogleFailure(GoogleErrors.Of("FAILED_PRECONDITION", $"There are no enabled CAs in the CaPool '{pool}'."));
    }

    private string? NameOf(GoogleRequest request, JsonObject pool)
    {
        var id = request.Query("certificateId");
        if (string.IsNullOrEmpty(id))
        {
            return pool["tier"]?.GetValue<string>() == "ENTERPRISE"
                ? throw new GoogleFailure(GoogleErrors.Invalid("certificate_id", "certificate_id is required for CA pools of the ENTERPRISE tier."))
                : null;
        }

        var name = $"{request.Name}/{PrivateCaStore.Id(request, "certificateId")}";
        return store.Certificates.ContainsKey(name) ? throw new GoogleFailure(GoogleErrors.Exists(name)) : name;
    }

    private JsonObject Find(GoogleRequest request) => store.Certificates.GetValueOrDefault(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));

    [GeneratedRegex("^serviceAccount:(?<pool>[^\\[]+)\\[(?<namespace>[^/]+)/(?<account>[^\\]]+)\\]\\z")]
    private static partial Regex Workload();
}
