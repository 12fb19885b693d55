namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

/// <summary>What the tests put into clusters.</summary>
internal static class Manifests
{
    public const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, labels: { app: web } }
        spec:
          replicas: 2
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers:
              - { name: web, image: "nginx:1.25", ports: [{ containerPort: 80 }] }
        """;

    public const string Widgets = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: widgets.example.com }
        spec:
          group: example.com
          scope: Namespaced
          names: { plural: widgets, kind: Widget, shortNames: [wd] }
          versions:
          - name: v1
            served: true
            storage: true
            subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }
            additionalPrinterColumns: [{ name: Size, type: integer, jsonPath: .spec.size }]
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: { type: integer, minimum: 1, description: How big it is. }
                      replicas: { type: integer, default: 1 }
                      mode: { type: string, enum: [fast, slow] }
                  status: { type: object, x-kubernetes-preserve-unknown-fields: true }
        """;
}
