using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.CustomResources;

/// <summary>Reads the kinds that CustomResourceDefinitions bring.</summary>
internal static class CustomKinds
{
    public static ResourceKind Of(JsonObject definition)
    {
        var spec = definition.Object("spec");
        var names = spec.Object("names");
        var versions = spec.Objects("versions").Select(Version).ToList();
        return new ResourceKind(spec.Text("group"), names.Text("plural"), names.Text("kind"), spec.Text("scope") == "Namespaced")
        {
            Singular = names.Text("singular"),
            ListKind = names.Text("listKind"),
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Versions = [.. versions.OrderBy(version => version.Name, VersionOrder.Instance)],
            MayUpdateUnconditionally = false,
            IsCustom = true,
        };
    }

    private static KindVersion Version(JsonObject version)
    {
        var parts = version.Object("subresources");
        var subresources = new List<Subresource>();
        if (parts.Object("status") is not null)
        {
            subresources.Add(new Subresource("status", "get", "patch", "update"));
        }

        var scale = parts.Object("scale");
        if (scale is not null)
        {
            subresources.Add(new Subresource("scale", "get", "patch", "update") { Kind = "Scale", ApiVersion = "autoscaling/v1" });
        }

        return new KindVersion(version.Text("name"))
        {
            IsServed = version.Flag("served"),
            IsStorage = version.Flag("storage"),
            Subresources = subresources,
            Scale = new ScalePaths(scale.Text("specReplicasPath"), scale.Text("statusReplicasPath"), scale.Text("labelSelectorPath")),
            CustomSchema = CustomSchemas.Root(version.Object("schema").Object("openAPIV3Schema") ?? []),
            Columns = [.. version.Objects("additionalPrinterColumns").Select(column => new PrinterColumn(
                column.Text("name"),
                column.Text("type"),
                column.Text("jsonPath"),
                (int)(column.Number("priority") ?? 0)))],
        };
    }
}
