using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Brings the pools, authorities and templates of a world into being.</summary>
internal static class PrivateCaStart
{
    private static readonly TimeSpan OutsideLifetime = TimeSpan.FromDays(3650);

    public static void Begin(World world, PrivateCaStore store)
    {
        foreach (var project in world.Projects)
        {
            foreach (var pool in project.CaPools)
            {
                Add(project.Id, pool, store);
            }

            foreach (var template in project.CertificateTemplates)
            {
                var name = $"projects/{project.Id}/locations/{template.Location}/certificateTemplates/{template.Name}";
                var content = (JsonObject)template.Content.DeepClone();
                content.Insert(0, "name", name);
                content["createTime"] = Times.Text(store.Now);
                content["updateTime"] = Times.Text(store.Now);
                store.Templates.Add(name, content);
                store.Access.Of(name).Replace(template.Policy.Select(WorldBindings.Read), atOnce: true);
            }
        }
    }

    private static void Add(string project, WorldCaPool pool, PrivateCaStore store)
    {
        var name = $"projects/{project}/locations/{pool.Location}/caPools/{pool.Name}";
        var content = new JsonObject
        {
            ["name"] = name,
            ["tier"] = pool.Tier,
            ["publishingOptions"] = new JsonObject { ["publishCaCert"] = true, ["encodingFormat"] = "PEM" },
        };
        if (pool.IssuancePolicy is not null)
        {
            content["issuancePolicy"] = pool.IssuancePolicy.DeepClone();
        }

        store.Pools.Add(name, content);
        store.Access.Of(name).Replace(pool.Policy.Select(WorldBindings.Read), atOnce: true);
        foreach (var world in pool.Authorities)
        {
            Add($"{name}/certificateAuthorities/{world.Name}", pool.Tier, world, store);
        }
    }

    private static void Add(string name, string tier, WorldAuthority world, PrivateCaStore store)
    {
        var authority = Make(name, tier, world.Type, world.Name, store.Now);
        store.Authorities.Add(name, authority);
        if (world.Type == "SELF_SIGNED")
        {
            authority.SignSelf(store.Now);
        }
        else if (world.State != "AWAITING_USER_ACTIVATION")
        {
            // Its issuer is somebody's own root, which nobody sees here.
            using var root = Make("root", tier, "SELF_SIGNED", "outside root", store.Now);
            root.SignSelf(store.Now);
            authority.Install(root.Sign(authority, store.Now), root.Chain);
        }

        authority.State = world.State;
    }

    private static Authority Make(string name, string tier, string type, string commonName, DateTimeOffset now)
    {
        var algorithm = "EC_P256_SHA256";
        var options = new JsonObject { ["isCa"] = true };
        if (type == "SUBORDINATE")
        {
            options["maxIssuerPathLength"] = 0;
        }

        var content = new JsonObject
        {
            ["name"] = name,
            ["type"] = type,
            ["tier"] = tier,
            ["state"] = "STAGED",
            ["lifetime"] = $"{(long)OutsideLifetime.TotalSeconds}s",
            ["keySpec"] = new JsonObject { ["algorithm"] = algorithm },
            ["config"] = new JsonObject
            {
                ["subjectConfig"] = new JsonObject { ["subject"] = new JsonObject { ["commonName"] = commonName, ["organization"] = "Example" } },
                ["x509Config"] = new JsonObject
                {
                    ["caOptions"] = options,
                    ["keyUsage"] = new JsonObject { ["baseKeyUsage"] = new JsonObject { ["certSign"] = true, ["crlSign"] = true } },
                },
            },
            ["createTime"] = Times.Text(now),
            ["updateTime"] = Times.Text(now),
        };
        return new Authority(content, KeySpecs.Make(algorithm) ?? throw new InvalidOperationException(algorithm));
    }
}
