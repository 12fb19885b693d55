using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Reads <c>-f FILE</c> and <c>--set PATH=VALUE</c> into one operator; later ones win, and their profile lies under them.</summary>
internal static class Arguments
{
    public static JsonObject Read(IReadOnlyList<string> arguments)
    {
        var files = new List<string>();
        var sets = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var target = arguments[i] switch
            {
                "-f" or "--filename" => files,
                "-s" or "--set" => sets,
                var other => throw new FormatException($"unknown flag: {other}"),
            };
            target.Add(++i < arguments.Count ? arguments[i] : throw new FormatException($"flag needs an argument: {arguments[i - 1]}"));
        }

        var spec = new JsonObject();
        foreach (var file in files)
        {
            foreach (var document in YamlText.Read(File.ReadAllText(file)))
            {
                spec = StrategicMerge.Of(spec, Spec(file, document));
            }
        }

        spec = Profiles.Under(spec);
        foreach (var set in sets)
        {
            Set(spec, set);
        }

        return spec;
    }

    private static JsonObject Spec(string file, JsonObject document)
    {
        if (document["kind"]?.ToString() != "IstioOperator" || document["apiVersion"]?.ToString() != "install.istio.io/v1alpha1")
        {
            throw new FormatException($"{file}: not an IstioOperator of install.istio.io/v1alpha1");
        }

        return document["spec"] as JsonObject ?? [];
    }

    private static void Set(JsonObject spec, string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
        {
            throw new FormatException($"invalid --set: {assignment}");
        }

        var path = assignment[..at].Split('.');
        var into = spec;
        foreach (var key in path[..^1])
        {
            if (into[key] is not JsonObject next)
            {
                next = [];
                into[key] = next;
            }

            into = next;
        }

        into[path[^1]] = assignment[(at + 1)..];
    }
}
