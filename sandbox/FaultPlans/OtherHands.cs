using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Changes the world as somebody else would: by calls of their own, which no fault meets, and which the journal tells.</summary>
/// <param name="sites">Google's APIs, and the API server of a cluster by its name or relative name.</param>
/// <param name="tokens">The valid tokens.</param>
/// <param name="traffic">What calls go through.</param>
internal sealed class OtherHands(Func<string, IApiSite?> sites, Tokens tokens, HandTraffic traffic)
{
    /// <summary>Who changes things unless a plan says otherwise. They may do everything.</summary>
    public const string Somebody = "user:somebody-else@example.com";

    /// <summary>What an other writer writes: the name of a label or annotation.</summary>
    public const string Mark = "somebody-else";

    private int _writes;

    /// <summary>Whether an other writer knows how to write what a method writes.</summary>
    public static bool CanWrite(string api, string method) => api == "kubernetes"
        ? method.Split(' ')[0] is "*" or "update" or "patch" or "delete" or ""
        : method.EndsWith("setIamPolicy", StringComparison.Ordinal)
            || (api, method) is ("container", "clusters.setResourceLabels") or ("gkehub", "memberships.patch" or "memberships.delete" or "features.patch") or ("privateca", "caPools.patch");

    /// <summary>Carries an edit out.</summary>
    public void Do(Edit edit)
    {
        var path = edit.Api == "kubernetes" ? edit.Path : $"/{edit.Api}/{edit.Path.TrimStart('/')}";
        Send(sites(edit.Api == "kubernetes" ? edit.Cluster : ""), edit.As, edit.Method, path, edit.Body, edit.ContentType);
    }

    /// <summary>Writes the resource that a call is about to write.</summary>
    public void WriteBefore(IApiSite site, ApiCall call, ApiRequest request)
    {
        var mark = (++_writes).ToString(CultureInfo.InvariantCulture);
        if (call.Api == "kubernetes")
        {
            Send(site, Somebody, "PATCH", request.Path, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Mark] = mark } } }, "application/merge-patch+json");
        }
        else if (call.Method.EndsWith("setIamPolicy", StringComparison.Ordinal))
        {
            AddMember(site, call, request.Path[..request.Path.LastIndexOf(':')], mark);
        }
        else if (call.Method == "clusters.setResourceLabels")
        {
            LabelCluster(site, request.Path[..request.Path.LastIndexOf(':')], mark);
        }
        else if (CanWrite(call.Api, call.Method) && Read(site, request.Path) is { } found)
        {
            var labels = found["labels"]?.DeepClone() as JsonObject ?? [];
            labels[Mark] = mark;
            Send(site, Somebody, "PATCH", $"{request.Path}?updateMask=labels", new JsonObject { ["labels"] = labels });
        }
    }

    private void AddMember(IApiSite site, ApiCall call, string path, string mark)
    {
        var isGet = call.Api is not ("cloudresourcemanager" or "iam");
        var policy = isGet
            ? Read(site, $"{path}:getIamPolicy?options.requestedPolicyVersion=3")
            : Send(site, Somebody, "POST", $"{path}:getIamPolicy", new JsonObject { ["options"] = new JsonObject { ["requestedPolicyVersion"] = 3 } }).Body?.DeepClone() as JsonObject;
        if (policy is not null)
        {
            var bindings = policy["bindings"] as JsonArray ?? [];
            bindings.Add(new JsonObject { ["role"] = "roles/browser", ["members"] = new JsonArray($"user:{Mark}-{mark}@example.com") });
            policy["bindings"] = bindings.Parent is null ? bindings : bindings.DeepClone();
            Send(site, Somebody, "POST", $"{path}:setIamPolicy", new JsonObject { ["policy"] = policy });
        }
    }

    private void LabelCluster(IApiSite site, string path, string mark)
    {
        if (Read(site, path) is { } cluster)
        {
            var labels = cluster["resourceLabels"]?.DeepClone() as JsonObject ?? [];
            labels[Mark] = mark;
            Send(site, Somebody, "POST", $"{path}:setResourceLabels", new JsonObject
            {
                ["resourceLabels"] = labels,
                ["labelFingerprint"] = cluster["labelFingerprint"]?.DeepClone(),
            });
        }
    }

    private JsonObject? Read(IApiSite site, string path) => Send(site, Somebody, "GET", path) is { Status: 200, Body: { } body } ? body.DeepClone() as JsonObject : null;

    private Answer Send(IApiSite? site, string principal, string method, string path, JsonNode? body = null, string type = "application/json")
    {
        if (site is null)
        {
            return new Answer(404);
        }

        var (bare, query) = path.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? (path[..at], path[at..]) : (path, "");
        var content = body?.ToJsonString() ?? "";
        var request = new ApiRequest(method, "localhost", bare, new QueryCollection(QueryHelpers.ParseQuery(query)), "application/json", body is null ? "" : type, content)
        {
            Bytes = Encoding.UTF8.GetBytes(content),
            Bearer = tokens.Issue(principal),
            UserAgent = "somebody-else",
        };
        lock (traffic.Gate.Gate)
        {
            var call = site.Route(request);
            call.Principal = site.PrincipalOf(request, tokens) ?? "";
            var answer = call.Handle(call);
            traffic.Journal.Add(call, request, answer.Status);
            return answer;
        }
    }
}

/// <summary>What goes on in a world.</summary>
/// <param name="Gate">Keeps calls apart.</param>
/// <param name="Journal">Where they are noted.</param>
internal sealed record HandTraffic(WorldGate Gate, Journal Journal);
