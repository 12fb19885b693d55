using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>Holds a call's options against what they may be, before anything is read or written.</summary>
internal static class CallOptions
{
    private const int LongestManager = 128;
    private const int MostBytes = 3 * 1024 * 1024;
    private static readonly string[] Validations = ["", "Ignore", "Strict", "Warn"];

    /// <exception cref="KubeFailure">An option is none, or may not be given here.</exception>
    public static void Check(KubeRequest request)
    {
        if (request.Http.Bytes.Length > MostBytes)
        {
            throw new KubeFailure(413, "RequestEntityTooLarge", $"Request entity too large: limit is {MostBytes}");
        }

        if (request.Path.Subresource is not "log")
        {
            Accepted.Read(request.Http.Accept);
        }

        foreach (var number in new[] { "timeoutSeconds", "limit", "gracePeriodSeconds" })
        {
            CheckNumber(request.Http.QueryValue(number));
        }

        var kind = request.Verb switch { "create" => "CreateOptions", "update" => "UpdateOptions", "patch" => "PatchOptions", _ => "" };
        if (kind.Length > 0 && Mistakes(request).ToList() is { Count: > 0 } mistakes)
        {
            throw Refusals.InvalidOptions(kind, mistakes);
        }
    }

    /// <summary>What is wrong with what a caller says of a dry run.</summary>
    public static IEnumerable<FieldMistake> DryRun(IReadOnlyList<string> values)
    {
        if (values.Any(value => value != "All"))
        {
            var shown = string.Join(", ", values.Select(value => $"\"{value}\""));
            yield return new FieldMistake("FieldValueNotSupported", "dryRun", $"Unsupported value: []string{{{shown}}}: supported values: \"All\"");
        }
    }

    /// <exception cref="KubeFailure">It is no whole number.</exception>
    public static long? CheckNumber(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refusals.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private static IEnumerable<FieldMistake> Mistakes(KubeRequest request)
    {
        var manager = request.Http.QueryValue("fieldManager") ?? "";
        if (request.Verb == "patch" && !request.IsApply && request.Http.QueryValue("force") is not null)
        {
            yield return FieldMistake.Forbidden("force", "may not be specified for non-apply patch");
        }

        if (request.IsApply && manager.Length == 0)
        {
            yield return FieldMistake.Required("fieldManager", "is required for apply patch");
        }

        if (manager.Length > LongestManager)
        {
            yield return FieldMistake.TooLong("fieldManager", LongestManager);
        }

        if (manager.EnumerateRunes().Any(rune => Rune.IsControl(rune)))
        {
            yield return FieldMistake.Invalid("fieldManager", JsonValue.Create(manager).ToJsonString(), "should only contain printable characters");
        }

        foreach (var mistake in DryRun([.. request.Http.Query["dryRun"].OfType<string>()]))
        {
            yield return mistake;
        }

        if (request.Http.QueryValue("fieldValidation") is { } validation && !Validations.Contains(validation))
        {
            yield return FieldMistake.NotSupported("fieldValidation", validation, Validations);
        }
    }
}
