using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.Revision;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Failures;
using Package = MeshWorkflow.MeshPackage.Contents.Package;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// Whether there is a package, has the options, takes the overlays, and renders a control plane from all of them. What is rendered is kept
/// for the step that installs it.
/// </summary>
internal sealed class PackageChecks(MeshPackages packages, ManifestRenderer renderer, Projects projects)
{
    /// <exception cref="MeshException">There is no package, or it can't be rendered.</exception>
    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        if (request.Facts.ControlPlane is not { } spec)
        {
            return [];
        }

        var package = await packages.GetAsync(spec.Package.ToRequest(), cancellationToken);
        var unknown = spec.Options.Select(option => Unknown(package, option)).OfType<PreflightCheck>().ToList();
        if (unknown.Count > 0)
        {
            return unknown;
        }

        var number = await projects.NumberAsync(spec.FleetProject, cancellationToken);
        var manifests = await renderer.RenderAsync(package, spec.ToValues(number, AnyCluster(spec)), cancellationToken);
        return [Checks.MeshPackage.Pass($"The package {spec.Package.Version} renders {manifests.Count} objects from the options and overlays.")];
    }

    // What is rendered once serves all clusters that have the same shape.
    private static MeshCluster AnyCluster(ControlPlaneSpec spec) => new(
        spec.Cluster.Project, "0", spec.Cluster.Location, spec.Cluster.Name, spec.NetworkId.Length > 0 ? spec.NetworkId : "default", "https://issuer")
    {
        IsElsewhere = spec.Cluster.IsElsewhere(),
    };

    private static PreflightCheck? Unknown(Package package, string option)
    {
        try
        {
            package.OptionFile(option);
            return null;
        }
        catch (MeshException exception)
        {
            return Checks.OptionUnknown.Refuse(exception.Message, exception.Hint);
        }
    }
}
