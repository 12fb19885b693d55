using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Who owns fields of an object, as its metadata say.</summary>
internal sealed class Managers
{
    private readonly List<Manager> _managers;

    private Managers(List<Manager> managers) => _managers = managers;

    public IReadOnlyList<Manager> All => _managers;

    public static Managers Of(JsonObject node) => new([.. node.Object("metadata").Objects("managedFields")
        .Where(entry => entry.Text("manager").Length > 0 || entry.Object("fieldsV1") is not null)
        .Select(entry => new Manager(
            entry.Text("manager"),
            entry.Text("operation") == "Apply",
            entry.Text("apiVersion"),
            entry.Text("subresource"),
            FieldSet.Of(entry.Object("fieldsV1") ?? []),
            entry.Text("time")))]);

    public FieldSet? Find(Manager manager) => _managers.Find(found => found.IsSame(manager))?.Fields;

    /// <summary>Puts a manager's fields in place of what it had; none: it goes.</summary>
    public void Set(Manager manager)
    {
        var at = _managers.FindIndex(found => found.IsSame(manager));
        if (manager.Fields.IsEmpty)
        {
            _managers.RemoveAll(found => found.IsSame(manager));
        }
        else if (at < 0)
        {
            _managers.Add(manager);
        }
        else if (!_managers[at].Fields.SameAs(manager.Fields))
        {
            _managers[at] = manager;
        }
    }

    /// <summary>Takes fields from all managers but one.</summary>
    public void Take(FieldSet fields, Manager? except)
    {
        for (var i = _managers.Count - 1; i >= 0; i--)
        {
            if (except is not null && _managers[i].IsSame(except))
            {
                continue;
            }

            var left = _managers[i].Fields.Without(fields);
            if (left.IsEmpty)
            {
                _managers.RemoveAt(i);
            }
            else
            {
                _managers[i] = _managers[i] with { Fields = left };
            }
        }
    }

    public void WriteTo(JsonObject node) => node.Metadata()["managedFields"] = new JsonArray([.. _managers
        .OrderBy(manager => !manager.IsApply).ThenBy(manager => manager.Time, StringComparer.Ordinal).ThenBy(manager => manager.Name, StringComparer.Ordinal)
        .Select(manager => manager.ToJson())]);
}

/// <summary>Somebody who owns fields of an object.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsApply">Whether by applying; else by any other write.</param>
/// <param name="ApiVersion">In which version of the object.</param>
/// <param name="Subresource">Through which part; empty: the object itself.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Time">Since when.</param>
internal sealed record Manager(string Name, bool IsApply, string ApiVersion, string Subresource, FieldSet Fields, string Time)
{
    public bool IsSame(Manager other) =>
        Name == other.Name && IsApply == other.IsApply && Subresource == other.Subresource && (IsApply || ApiVersion == other.ApiVersion);

    /// <summary>As messages say it.</summary>
    public string Text()
    {
        var name = $"\"{Name}\"" + (Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "");
        return IsApply ? name : $"{name} using {ApiVersion}" + (Time.Length > 0 ? $" at {Time}" : "");
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["manager"] = Name,
            ["operation"] = IsApply ? "Apply" : "Update",
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
        };
        if (Subresource.Length > 0)
        {
            json["subresource"] = Subresource;
        }

        return json;
    }
}
