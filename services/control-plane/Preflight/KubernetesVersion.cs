using System.Globalization;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>A Kubernetes version, as far as it decides. All of Kubernetes 1.</summary>
/// <param name="Minor">The minor version.</param>
internal sealed record KubernetesVersion(int Minor)
{
    /// <summary>The first that serves all API versions of the manifests (<c>autoscaling/v2</c> is the newest of them).</summary>
    public const string Oldest = "1.23";

    public const string FirstTested = "1.27";
    public const string LastTested = "1.30";

    public bool IsTooOld => Minor < 23;

    public bool IsTested => Minor is >= 27 and <= 30;

    public static KubernetesVersion? Parse(string version) =>
        version.TrimStart('v').Split('.') is ["1", var minor, ..]
        && int.TryParse(minor.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new KubernetesVersion(number)
            : null;
}
