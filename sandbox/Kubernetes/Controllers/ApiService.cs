using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>The service by which pods reach the API server.</summary>
internal static class ApiService
{
    private static readonly WriteFacts Facts = new("kube-apiserver");

    public static void Seed(ClusterState cluster)
    {
        var service = Object("Service");
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = "10.8.0.1",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = 443 }),
        };
        cluster.Writer.Create(BuiltinKinds.Find("", "services"), service, Facts);
        var endpoints = Object("Endpoints");
        endpoints["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = "172.16.0.2" }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443 }),
        });
        cluster.Writer.Create(BuiltinKinds.Find("", "endpoints"), endpoints, Facts);
    }

    private static JsonObject Object(string kind) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = "kubernetes",
            ["namespace"] = "default",
            ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
        },
    };
}
