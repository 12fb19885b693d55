using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Objects;

/// <summary>Writes conditions: when one last changed is kept while it doesn't.</summary>
internal static class Conditions
{
    public static void Set(JsonObject status, DateTimeOffset now, string type, bool isTrue, string reason, string message, bool hasUpdateTime = false)
    {
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        var text = isTrue ? "True" : "False";
        var found = conditions.OfType<JsonObject>().FirstOrDefault(condition => condition.Text("type") == type);
        if (found.Text("status") == text && found.Text("reason") == reason && found.Text("message") == message)
        {
            return;
        }

        var since = found.Text("status") == text ? found.Text("lastTransitionTime") : ObjectMeta.Time(now);
        var condition = new JsonObject { ["type"] = type, ["status"] = text };
        if (hasUpdateTime)
        {
            condition["lastUpdateTime"] = ObjectMeta.Time(now);
        }

        condition["lastTransitionTime"] = since;
        if (reason.Length > 0)
        {
            condition["reason"] = reason;
        }

        if (message.Length > 0)
        {
            condition["message"] = message;
        }

        if (found is null)
        {
            conditions.Add(condition);
        }
        else
        {
            conditions[conditions.IndexOf(found)] = condition;
        }
    }

    public static bool IsTrue(JsonObject node, string type) => node.Object("status").Objects("conditions")
        .Any(condition => condition.Text("type") == type && condition.Text("status") == "True");
}
