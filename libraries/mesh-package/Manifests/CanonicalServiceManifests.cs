using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Contents;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>The canonical-service controller's manifests, for one cluster.</summary>
public static class CanonicalServiceManifests
{
    /// <summary>Reads them.</summary>
    /// <param name="package">The package.</param>
    /// <param name="project">The cluster's project.</param>
    /// <param name="location">Its zone or region.</param>
    /// <param name="cluster">Its name.</param>
    /// <returns>The manifests.</returns>
    public static IReadOnlyList<JsonObject> Of(Package package, string project, string location, string cluster)
    {
        ArgumentNullException.ThrowIfNull(package);
        var values = new Dictionary<string, string>
        {
            ["gcloud.core.project"] = project,
            ["gcloud.compute.location"] = location,
            ["gcloud.container.cluster"] = cluster,
        };
        var setters = package.Read(package.Kptfile, text => new Setters(text, values, new Dictionary<string, IReadOnlyList<string>>()));
        return package.Read(package.CanonicalServiceFile, text => Yaml.ReadObjects(setters.Set(text)));
    }
}
