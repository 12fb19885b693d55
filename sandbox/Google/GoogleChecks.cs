using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>What every call must pass before it is carried out: its project, its API, service perimeters, its form, its permission.</summary>
internal sealed class GoogleChecks(Projects projects, AccessControl access, Perimeters perimeters)
{
    /// <summary>The relative name of the resource that a path names, without version and verb, the project by its id.</summary>
    public string NameOf(string path)
    {
        var parts = path.Split('/').Select(Uri.UnescapeDataString).SkipWhile(part => part != "projects").ToList();
        if (parts.Count == 0)
        {
            return "";
        }

        var verb = parts[^1].LastIndexOf(':');
        parts[^1] = verb < 0 ? parts[^1] : parts[^1][..verb];
        if (parts.Count > 1 && projects.Find(parts[1]) is { } project)
        {
            parts[1] = project.Id;
        }

        return string.Join('/', parts);
    }

    /// <summary>Checks a call.</summary>
    /// <exception cref="GoogleFailure">It does not pass.</exception>
    public GoogleRequest Check(
        IGoogleApi api, GoogleRoute route, Match match, string name, JsonNode? body, string? problem, ApiRequest request, ApiCall call)
    {
        var read = new GoogleRequest(call, request, match, [], name);
        if (match.Groups["project"] is { Success: true, Value: not "-" } part)
        {
            var project = projects.Find(Uri.UnescapeDataString(part.Value)) ?? throw new GoogleFailure(api.NoProject(part.Value));
            read = read with { Project = project };
            CheckEnabled(api, project);
            if (perimeters.Refuse(api.Name, project, call.Principal) is { } keptOut)
            {
                throw new GoogleFailure(keptOut);
            }

            project.UsedServices.Add(api.Name);
        }

        CheckQuotaProject(api, request, call);
        CheckForm(route, request, problem);
        read = read with { Body = route.Body.Read(body) };
        if (route.Permission is { } permission && !access.Has(call.Principal, permission, name))
        {
            throw new GoogleFailure(api.Denied(read, permission));
        }

        return read;
    }

    private void CheckEnabled(IGoogleApi api, ProjectState project)
    {
        if (!api.IsAlwaysOn && !projects.IsServing(project, api.Name))
        {
            throw new GoogleFailure(GoogleErrors.ServiceDisabled(api.Name, ServiceTitles.Of(api.Name), project.Number));
        }
    }

    // The project that a header names pays: the caller must be allowed to let it, and the API must be enabled there too.
    private void CheckQuotaProject(IGoogleApi api, ApiRequest request, ApiCall call)
    {
        if (request.QuotaProject is not { Length: > 0 } named)
        {
            return;
        }

        if (projects.Find(named) is not { } project || !access.Has(call.Principal, "serviceusage.services.use", $"projects/{project.Id}"))
        {
            throw new GoogleFailure(GoogleErrors.QuotaProjectDenied(api.Name, named));
        }

        CheckEnabled(api, project);
    }

    private static void CheckForm(GoogleRoute route, ApiRequest request, string? problem)
    {
        var unknown = route.Unknown(request)
            .Select(name => ("", $"Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message."))
            .ToArray();
        if (unknown.Length > 0)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "INVALID_ARGUMENT", string.Join('\n', unknown.Select(each => each.Item2)), GoogleErrors.BadFields(unknown)));
        }

        if (request.QueryValue("alt") is { Length: > 0 } alt && alt is not ("json" or "json;enum-encoding=int"))
        {
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"Invalid value \"{alt}\" for query parameter 'alt'."));
        }

        if (problem is not null)
        {
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"Invalid JSON payload received. {problem}"));
        }
    }
}
