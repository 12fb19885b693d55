namespace MeshWorkflow.Cli.Demo;

/// <summary>What the demo asks for, and which of its clusters are not like the others.</summary>
internal static class DemoStory
{
    /// <summary>It is an Autopilot cluster: preflight refuses it.</summary>
    public const string Autopilot = "mesh-05";

    /// <summary>Its nodes are private: its API server reaches istiod only through a firewall rule.</summary>
    public const string Private = "mesh-08";

    /// <summary>Its istiod never becomes ready: what was done there is undone.</summary>
    public const string Failing = "mesh-11";

    public const string Request = """
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: { name: demo }
        spec:
          fleet: { project: fleet-host }
          mesh: { version: 1.23.3-asm.2 }
          certificateAuthority: { type: mesh_ca }
          enable: { all: true }
          clusters:
            - { project: fleet-shop, location: us-central1, name: mesh-01 }
            - { project: fleet-shop, location: europe-west1, name: mesh-02 }
            - { project: fleet-shop, location: asia-northeast1, name: mesh-03 }
            - { project: fleet-shop, location: us-central1, name: mesh-04 }
            - { project: fleet-shop, location: europe-west1, name: mesh-05 }
            - { project: fleet-shop, location: asia-northeast1, name: mesh-06 }
            - { project: fleet-data, location: us-central1, name: mesh-07 }
            - { project: fleet-data, location: europe-west1, name: mesh-08 }
            - { project: fleet-data, location: asia-northeast1, name: mesh-09 }
            - { project: fleet-data, location: us-central1, name: mesh-10 }
            - { project: fleet-data, location: europe-west1, name: mesh-11 }
            - { project: fleet-data, location: asia-northeast1, name: mesh-12 }
          gateways: [{ namespace: istio-ingress }]
          rollout:
            onFailure: rollback-cluster
            stages:
              - { name: canary, select: { names: [mesh-01] } }
              - { name: second, select: { names: [mesh-02, mesh-03, mesh-04, mesh-07] }, maxConcurrent: 4 }
              - { name: rest, maxConcurrent: 7, failureBudget: 1 }
        """;

    public const string Beginning = """
        A sandbox fleet of 12 clusters in 2 projects. The mesh comes in three stages: 1, then 4, then the rest, of which 1 may fail.
        mesh-05 is an Autopilot cluster, mesh-08 is private, and on mesh-11 istiod never becomes ready.
        """;
}
