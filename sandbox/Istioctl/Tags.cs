using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Revision tags: <c>tag list</c>, <c>set</c>, <c>generate</c> and <c>remove</c>.</summary>
internal static class Tags
{
    private const string Injectors = "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private const string Validators = "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private const string TagLabel = "istio.io/tag";
    private const string RevisionLabel = "istio.io/rev";
    private const string Default = "default";

    /// <exception cref="FormatException">The arguments are wrong, or what they ask for can't be done.</exception>
    public static void Run(IReadOnlyList<string> arguments)
    {
        var given = TagArguments.Read(arguments);
        using var cluster = Cluster.Of(given["kubeconfig"], given["context"]);
        switch (given.Words)
        {
            case ["list" or "show"]:
                List(cluster, given["output"]);
                break;
            case ["set", var tag]:
                Set(cluster, tag, given);
                Console.WriteLine(
                    $"Revision tag \"{tag}\" created, referencing control plane revision \"{given["revision"]}\". To enable injection using this\n"
                    + $"revision tag, use 'kubectl label namespace <NAMESPACE> istio.io/rev={tag}'");
                break;
            case ["generate", var tag]:
                Console.Write(string.Join("---\n", Made(cluster, tag, given).Select(YamlText.Write)));
                break;
            case ["remove" or "delete", var tag]:
                Remove(cluster, tag, given.IsOn("skip-confirmation"));
                break;
            case ["set" or "generate" or "remove" or "delete"]:
                throw new FormatException("must provide a tag for modification");
            default:
                throw new FormatException($"unknown subcommand: tag {string.Join(' ', given.Words)}");
        }
    }

    private static void List(Cluster cluster, string? output)
    {
        var tags = All(cluster, Injectors, TagLabel)
            .Select(injector => (Tag: Label(injector, TagLabel), Revision: Label(injector, RevisionLabel), Namespaces: NamespacesOf(cluster, Label(injector, TagLabel))))
            .OrderBy(tag => tag.Tag, StringComparer.Ordinal)
            .ToList();
        if (output == "json")
        {
            Console.WriteLine(new JsonArray([.. tags.Select(tag => new JsonObject
            {
                ["tag"] = tag.Tag,
                ["revision"] = tag.Revision,
                ["namespaces"] = new JsonArray([.. tag.Namespaces.Select(name => JsonValue.Create(name))]),
            })]).ToJsonString());
            return;
        }

        if (tags.Count == 0)
        {
            Console.WriteLine("No Istio revision tag MutatingWebhookConfigurations to list");
            return;
        }

        var width = Math.Max(4, tags.Max(tag => tag.Tag.Length + 1));
        var second = Math.Max(9, tags.Max(tag => tag.Revision.Length + 1));
        Console.WriteLine($"{"TAG".PadRight(width)}{"REVISION".PadRight(second)}NAMESPACES");
        foreach (var tag in tags)
        {
            Console.WriteLine($"{tag.Tag.PadRight(width)}{tag.Revision.PadRight(second)}{string.Join(',', tag.Namespaces)}");
        }
    }

    private static void Set(Cluster cluster, string tag, TagArguments given)
    {
        foreach (var made in Made(cluster, tag, given))
        {
            var path = made["kind"]?.ToString() == "MutatingWebhookConfiguration" ? Injectors : Validators;
            var name = made["metadata"]?["name"]?.ToString();
            if (cluster.Get($"{path}/{name}") is { } found)
            {
                made["metadata"]!["resourceVersion"] = found["metadata"]?["resourceVersion"]?.ToString();
                cluster.Replace($"{path}/{name}", made);
            }
            else
            {
                cluster.Create(path, made);
            }
        }
    }

    private static IReadOnlyList<JsonObject> Made(Cluster cluster, string tag, TagArguments given)
    {
        var revision = given["revision"] ?? throw new FormatException("required flag(s) \"revision\" not set");
        var planes = All(cluster, Injectors, $"{RevisionLabel}={revision},!{TagLabel}");
        if (planes.Count != 1)
        {
            throw new FormatException(planes.Count == 0
                ? $"cannot modify tag: cannot find MutatingWebhookConfiguration with revision \"{revision}\""
                : $"cannot modify tag: found {planes.Count} control planes of revision \"{revision}\"");
        }

        if (tag != Default && All(cluster, Injectors, $"{RevisionLabel}={tag},!{TagLabel}").Count > 0)
        {
            throw new FormatException($"cannot create revision tag \"{tag}\": found existing control plane revision with same name");
        }

        if (!given.IsOn("overwrite") && All(cluster, Injectors, $"{TagLabel}={tag}").Count > 0)
        {
            throw new FormatException($"revision tag \"{tag}\" already exists, and --overwrite is false");
        }

        var names = new Names(revision, given["istioNamespace"] ?? "istio-system");
        var authority = planes[0]["webhooks"]?[0]?["clientConfig"]?["caBundle"];
        return [.. Webhooks.OfTag(names, tag).Select(made => WithAuthority(made, authority))];
    }

    private static JsonObject WithAuthority(JsonObject made, JsonNode? authority)
    {
        foreach (var webhook in (made["webhooks"] as JsonArray ?? []).Where(_ => authority is not null))
        {
            webhook!["clientConfig"]!["caBundle"] = authority?.DeepClone();
        }

        return made;
    }

    private static void Remove(Cluster cluster, string tag, bool isSure)
    {
        var injector = All(cluster, Injectors, $"{TagLabel}={tag}").FirstOrDefault()
            ?? throw new FormatException($"cannot remove tag \"{tag}\": cannot find MutatingWebhookConfiguration for tag");
        var namespaces = NamespacesOf(cluster, tag);
        if (namespaces.Count > 0 && !isSure)
        {
            Console.WriteLine(
                $"Caution, found {namespaces.Count} namespace(s) still injected by tag \"{tag}\": [{string.Join(' ', namespaces)}]\nProceed with operation? (y/N)");
            if (Console.ReadLine()?.Trim() is not ("y" or "Y"))
            {
                Console.WriteLine("Aborting operation.");
                return;
            }
        }

        cluster.Delete($"{Injectors}/{injector["metadata"]?["name"]}");
        foreach (var validator in All(cluster, Validators, $"{TagLabel}={tag}"))
        {
            cluster.Delete($"{Validators}/{validator["metadata"]?["name"]}");
        }

        Console.WriteLine($"Revision tag {tag} removed");
    }

    private static List<string> NamespacesOf(Cluster cluster, string tag) =>
    [
        .. (tag == Default ? new[] { $"{RevisionLabel}={tag}", "istio-injection=enabled" } : [$"{RevisionLabel}={tag}"])
            .SelectMany(selector => All(cluster, "api/v1/namespaces", selector))
            .Select(found => found["metadata"]?["name"]?.ToString() ?? "")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static List<JsonObject> All(Cluster cluster, string path, string selector) =>
        [.. (cluster.Get($"{path}?labelSelector={Uri.EscapeDataString(selector)}")?["items"] as JsonArray ?? []).OfType<JsonObject>()];

    private static string Label(JsonObject found, string name) => found["metadata"]?["labels"]?[name]?.ToString() ?? "";
}
