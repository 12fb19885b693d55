using System.Net;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>The ports that a sandbox listens at, and who answers at which.</summary>
internal sealed class SandboxListeners(SandboxOptions options, SandboxWorld world, ClusterCertificates certificates)
{
    private readonly List<ListenOptions> _clusters = [];
    private ListenOptions? _google;
    private ListenOptions? _admin;
    private Dictionary<int, IApiSite> _sites = [];

    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Listen(IPAddress.Loopback, options.AdminPort, listen => _admin = listen);
        kestrel.Listen(IPAddress.Loopback, options.GooglePort, listen => _google = listen);
        foreach (var _ in world.Clusters)
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                _clusters.Add(listen);
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificates.Server,

                    // Who a certificate stands for is the API server's to say, not the connection's.
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (_, _, _) => true,
                });
            });
        }
    }

    /// <summary>Tells everybody the ports that they got. To be called once the server has started.</summary>
    public SandboxAddresses Bind()
    {
        _sites = new Dictionary<int, IApiSite> { [PortOf(_google)] = world.Google.Site };
        foreach (var (cluster, listen) in world.Clusters.Zip(_clusters))
        {
            _sites.Add(PortOf(listen), cluster.Site);
            cluster.Gke.Endpoint = $"127.0.0.1:{PortOf(listen)}";
            cluster.Gke.CertificateAuthority = certificates.AuthorityPem;
        }

        return new SandboxAddresses(
            Address("http", PortOf(_google)),
            Address("http", PortOf(_admin)),
            SandboxFiles.AdminToken(options.Folder),
            SandboxFiles.Credentials(options.Folder),
            [.. world.Clusters.Select(cluster => new ClusterServer(cluster.Gke.RelativeName, new Uri($"https://{cluster.Gke.Endpoint}/")))])
        {
            KubeconfigFile = SandboxFiles.Kubeconfig(options.Folder),
            SettingsFile = SandboxFiles.Settings(options.Folder),
        };
    }

    public bool IsAdmin(int port) => port == PortOf(_admin);

    public IApiSite? SiteAt(int port) => _sites.GetValueOrDefault(port);

    private static int PortOf(ListenOptions? listen) => listen?.IPEndPoint?.Port ?? 0;

    private static Uri Address(string scheme, int port) => new($"{scheme}://127.0.0.1:{port}/");
}
