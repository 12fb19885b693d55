using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>The features of fleets. Of one alone more is known than its fields: the Service Mesh.</summary>
internal sealed class Features(Projects projects, Memberships memberships, Operations operations, TimeProvider time) : ISavedPart
{
    public const string ServiceMesh = "servicemesh";
    private const string Type = "google.cloud.gkehub.v1.Feature";
    private static readonly string[] Known =
        [ServiceMesh, "configmanagement", "fleetobservability", "identityservice", "multiclusteringress", "multiclusterservicediscovery", "policycontroller"];

    private static readonly string[] Updatable = ["labels", "spec", "membershipSpecs", "fleetDefaultMemberConfig", "scopeSpecs"];
    private readonly SortedDictionary<string, JsonObject> _all = new(StringComparer.Ordinal);

    public IEnumerable<JsonObject> All => _all.Values.Select(Show);

    public string SavedAs => "features";

    public JsonNode Save() => SavedJson.Write(_all);

    public Action Read(JsonNode saved)
    {
        var features = SavedJson.Read<Dictionary<string, JsonObject>>(saved);
        return () =>
        {
            _all.Clear();
            foreach (var (name, feature) in features)
            {
                _all.Add(name, feature);
            }
        };
    }

    /// <summary>Makes a feature that is there at the start of the world.</summary>
    public void Start(ProjectState fleet, string id) => Settle(Add($"{fleet.RelativeName}/locations/global/features/{id}", []));

    public Answer Get(GoogleRequest request) => new(200, Show(Find(request)));

    public Answer List(GoogleRequest request)
    {
        var parent = $"{request.Project.RelativeName}/locations/{(request.Part("location") == "-" ? "global" : request.Part("location"))}/features/";
        var passes = Filter.Read(request.Query("filter"));
        var found = _all.Where(pair => pair.Key.StartsWith(parent, StringComparison.Ordinal)).Select(pair => Show(pair.Value)).Where(passes);
        return Page.Of(request, "resources", found, 500, 1000);
    }

    public Operation Create(GoogleRequest request)
    {
        var id = request.Query("featureId") ?? "";
        if (request.Part("location") != "global" || !Known.Contains(id))
        {
            throw new GoogleFailure(GoogleErrors.Invalid("feature_id", $"There is no feature '{id}' in location '{request.Part("location")}'."));
        }

        var name = $"{request.Name}/{id}";
        if (_all.ContainsKey(name))
        {
            throw new GoogleFailure(GoogleErrors.Exists(name));
        }

        if (id == ServiceMesh && !projects.IsServing(request.Project, "meshconfig"))
        {
            throw new GoogleFailure(GoogleErrors.Of("FAILED_PRECONDITION", $"API meshconfig.googleapis.com is not enabled for project {request.Project.Id}"));
        }

        var content = Kept(request.Body);
        content["membershipSpecs"] = Specs(request, new JsonObject(), content["membershipSpecs"] as JsonObject);
        var feature = Add(name, content);
        request.Call.Effects.Add($"created //gkehub.googleapis.com/{name}");
        return Begin(request, name, "create", _ => Settle(feature), () => _all.Remove(name));
    }

    public Operation Patch(GoogleRequest request)
    {
        var feature = Find(request);
        var mask = FieldMask.Read(request.Query("updateMask"), ApiSchemas.Of("gkehub").Message("Feature"), Updatable);
        RefuseBusy(request.Name);
        var content = Kept(request.Body);
        content["membershipSpecs"] = Specs(request, feature["membershipSpecs"] as JsonObject ?? [], request.Body["membershipSpecs"] as JsonObject);
        feature["resourceState"] = new JsonObject { ["state"] = "UPDATING" };
        return Begin(
            request,
            request.Name,
            "update",
            effects =>
            {
                mask.Apply(feature, content);
                feature["updateTime"] = Times.Text(time.GetUtcNow());
                effects.Add($"updated //gkehub.googleapis.com/{request.Name}");
                return Settle(feature);
            },
            () => Settle(feature));
    }

    public Operation Delete(GoogleRequest request)
    {
        var feature = Find(request);
        RefuseBusy(request.Name);
        if (!request.Flag("force") && feature["membershipSpecs"] is JsonObject { Count: > 0 })
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION", $"Feature '{request.Name}' has membership specs; remove them first, or delete it with force."));
        }

        feature["resourceState"] = new JsonObject { ["state"] = "DISABLING" };
        return Begin(
            request,
            request.Name,
            "delete",
            effects =>
            {
                _all.Remove(request.Name);
                effects.Add($"deleted //gkehub.googleapis.com/{request.Name}");
                return OperationEnd.Empty;
            },
            () => Settle(feature));
    }

    private JsonObject Add(string name, JsonObject content)
    {
        var feature = new JsonObject
        {
            ["name"] = name,
            ["resourceState"] = new JsonObject { ["state"] = "ENABLING" },
            ["spec"] = new JsonObject(),
            ["createTime"] = Times.Text(time.GetUtcNow()),
            ["updateTime"] = Times.Text(time.GetUtcNow()),
        };
        foreach (var (field, value) in content)
        {
            feature[field] = value?.DeepClone();
        }

        _all.Add(name, feature);
        return feature;
    }

    private OperationEnd Settle(JsonObject feature)
    {
        feature["resourceState"] = new JsonObject { ["state"] = "ACTIVE" };
        return OperationEnd.Of(Type, Show(feature));
    }

    // Specs are merged by membership; a null or empty one goes. Keys come back with the fleet's number.
    private JsonObject Specs(GoogleRequest request, JsonObject found, JsonObject? given)
    {
        var merged = (JsonObject)found.DeepClone();
        foreach (var (key, spec) in given ?? [])
        {
            var name = key.Split('/') is ["projects", var project, .. var rest] && projects.Find(project) is { } known
                ? $"{known.RelativeName}/{string.Join('/', rest)}"
                : key;
            if (memberships.Find(name) is not { } membership || membership.Fleet != request.Project)
            {
                throw new GoogleFailure(GoogleErrors.Invalid("feature.membership_specs", $"Membership '{key}' was not found in the fleet."));
            }

            merged.Remove(membership.NumberedName);
            if (spec is JsonObject { Count: > 0 })
            {
                var kept = (JsonObject)spec.DeepClone();
                kept["origin"] ??= new JsonObject { ["type"] = "USER" };
                merged[membership.NumberedName] = kept;
            }
        }

        return merged;
    }

    private JsonObject Show(JsonObject feature)
    {
        var shown = (JsonObject)feature.DeepClone();
        var name = shown["name"]?.GetValue<string>().Split('/') ?? [];
        if (shown["membershipSpecs"] is JsonObject { Count: 0 })
        {
            shown.Remove("membershipSpecs");
        }

        if (name[^1] == ServiceMesh && projects.Find(name[1]) is { } fleet)
        {
            FeatureStates.Add(shown, memberships.In(fleet));
        }

        return shown;
    }

    private Operation Begin(GoogleRequest request, string name, string verb, Func<List<string>, OperationEnd> end, Action undo) => operations.Begin(
        request.Call,
        new OperationStart($"{request.Project.RelativeName}/locations/global/operations/", operations.NewId(), $"//gkehub.googleapis.com/{name}", verb) { Undo = undo },
        end);

    private JsonObject Find(GoogleRequest request) => _all.GetValueOrDefault(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));

    private void RefuseBusy(string name)
    {
        if (operations.RunningOn($"//gkehub.googleapis.com/{name}") is not null)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "RESOURCE_EXHAUSTED", "Too many requests are currently being executed, try again later.", GoogleErrors.RetryInfo(30)));
        }
    }

    private static JsonObject Kept(JsonObject sent)
    {
        var kept = new JsonObject();
        foreach (var (field, value) in sent.Where(pair => Updatable.Contains(pair.Key)))
        {
            kept[field] = value?.DeepClone();
        }

        return kept;
    }
}
