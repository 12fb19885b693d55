using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.Requests;
using Newtonsoft.Json.Linq;

namespace MeshWorkflow.GoogleCloud.PrivateCa;

/// <summary>CA Service.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class PrivateCaApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "privateca", time);

    /// <summary>Reads a pool.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The pool.</returns>
    public Task<CaPool> GetPoolAsync(CaResourceName pool, CancellationToken cancellationToken) =>
        _api.GetAsync<CaPool>($"v1/{pool.RelativeName}", cancellationToken);

    /// <summary>Replaces a pool's issuance policy as a whole. The API has no precondition for it: who writes last wins.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="policy">The policy; <see langword="null"/>: none.</param>
    /// <param name="requestId">Makes a repetition answer the first operation, for an hour at least.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<CaOperation> SetIssuancePolicyAsync(
        CaResourceName pool, JObject? policy, Guid requestId, CancellationToken cancellationToken) =>
        _api.SendAsync<CaOperation>(
            HttpMethod.Patch,
            $"v1/{pool.RelativeName}",
            policy is null ? [] : new JObject { ["issuancePolicy"] = policy },
            cancellationToken,
            ("updateMask", "issuancePolicy"),
            ("requestId", requestId.ToString()));

    /// <summary>Lists the authorities of a pool.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The authorities, and what could not be asked.</returns>
    public async Task<CaAuthorityList> ListAuthoritiesAsync(CaResourceName pool, CancellationToken cancellationToken)
    {
        var pages = await _api.PagesAsync<CaAuthorityList>(
            $"v1/{pool.RelativeName}/certificateAuthorities", page => page.NextPageToken, cancellationToken, ("pageSize", "100"));
        return new CaAuthorityList
        {
            CertificateAuthorities = [.. pages.SelectMany(page => page.CertificateAuthorities ?? [])],
            Unreachable = [.. pages.SelectMany(page => page.Unreachable ?? []).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Reads a certificate template.</summary>
    /// <param name="template">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The template.</returns>
    public Task<CaTemplate> GetTemplateAsync(CaResourceName template, CancellationToken cancellationToken) =>
        _api.GetAsync<CaTemplate>($"v1/{template.RelativeName}", cancellationToken);

    /// <summary>Reads the policy of a pool or a template: who may do what with it.</summary>
    /// <param name="resource">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The policy.</returns>
    public Task<Policy> GetPolicyAsync(CaResourceName resource, CancellationToken cancellationToken) => _api.GetAsync<Policy>(
        $"v1/{resource.RelativeName}:getIamPolicy", cancellationToken, ("options.requestedPolicyVersion", $"{Policy.WithConditions}"));

    /// <summary>Writes the policy of a pool or a template: all of its bindings. Somebody who wrote since it was read answers <c>ABORTED</c>.</summary>
    /// <param name="resource">Its name.</param>
    /// <param name="policy">The policy, with the etag that was read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The policy as it is now.</returns>
    public Task<Policy> SetPolicyAsync(CaResourceName resource, Policy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return string.IsNullOrEmpty(policy.Etag)
            ? throw new ArgumentException("A policy without its etag would overwrite what others write.", nameof(policy))
            : _api.SendAsync<Policy>(HttpMethod.Post, $"v1/{resource.RelativeName}:setIamPolicy", new { Policy = policy }, cancellationToken);
    }

    /// <summary>Reads an operation.</summary>
    /// <param name="operation">Its full name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation.</returns>
    public Task<CaOperation> GetOperationAsync(string operation, CancellationToken cancellationToken) =>
        _api.GetAsync<CaOperation>($"v1/{operation}", cancellationToken);

    /// <summary>Lists the operations of a pool's location.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Those that run, and those that have ended and are not forgotten.</returns>
    public async Task<IReadOnlyList<CaOperation>> ListOperationsAsync(CaResourceName pool, CancellationToken cancellationToken)
    {
        var location = string.Join('/', pool.RelativeName.Split('/')[..4]);
        var pages = await _api.PagesAsync<CaOperationList>(
            $"v1/{location}/operations", page => page.NextPageToken, cancellationToken, ("pageSize", "500"));
        return [.. pages.SelectMany(page => page.Operations ?? [])];
    }
}
