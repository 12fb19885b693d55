using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.CustomResources;

/// <summary>Checks objects by the schema of their CustomResourceDefinition.</summary>
internal static class ValueChecks
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<FieldMistake> Mistakes(JsonObject rules, JsonNode? value, string path)
    {
        if (value is null)
        {
            return rules.Flag("nullable") || path.Length == 0 ? [] : [WrongType(rules, "null", path)];
        }

        if (!HasType(rules, value))
        {
            return [WrongType(rules, Word(value), path)];
        }

        return Own(rules, value, path).Concat(Inner(rules, value, path)).Concat(Combined(rules, value, path));
    }

    private static IEnumerable<FieldMistake> Own(JsonObject rules, JsonNode value, string path)
    {
        if (rules["enum"] is JsonArray allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
        {
            yield return FieldMistake.NotSupported(path, value.ToString(), allowed.Select(item => item?.ToString() ?? ""));
        }

        var mistakes = value.GetValueKind() switch
        {
            JsonValueKind.String => Text(rules, value.GetValue<string>(), path),
            JsonValueKind.Number => Number(rules, value, path),
            JsonValueKind.Array => List(rules, (JsonArray)value, path),
            JsonValueKind.Object => Map(rules, (JsonObject)value, path),
            _ => [],
        };
        foreach (var mistake in mistakes)
        {
            yield return mistake;
        }
    }

    private static IEnumerable<FieldMistake> Text(JsonObject rules, string text, string path)
    {
        if (rules.Number("maxLength") is { } most && text.Length > most)
        {
            yield return new FieldMistake("FieldValueTooLong", path, $"Too long: may not be more than {most} bytes");
        }

        if (rules.Number("minLength") is { } least && text.Length < least)
        {
            yield return FieldMistake.Invalid(path, $"\"{text}\"", $"{path} in body should be at least {least} chars long");
        }

        if (rules.Text("pattern") is { Length: > 0 } pattern && !Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTime))
        {
            yield return FieldMistake.Invalid(path, $"\"{text}\"", $"{path} in body should match '{pattern}'");
        }

        if (rules.Text("format") == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            yield return FieldMistake.Invalid(path, $"\"{text}\"", $"{path} in body must be of type date-time: \"{text}\"");
        }
    }

    private static IEnumerable<FieldMistake> Number(JsonObject rules, JsonNode value, string path)
    {
        var number = Real(value);
        var text = value.ToJsonString();
        if (rules["minimum"] is { } minimum && (rules.Flag("exclusiveMinimum") ? number <= Real(minimum) : number < Real(minimum)))
        {
            var word = rules.Flag("exclusiveMinimum") ? "greater than" : "greater than or equal to";
            yield return FieldMistake.Invalid(path, text, $"{path} in body should be {word} {minimum}");
        }

        if (rules["maximum"] is { } maximum && (rules.Flag("exclusiveMaximum") ? number >= Real(maximum) : number > Real(maximum)))
        {
            var word = rules.Flag("exclusiveMaximum") ? "less than" : "less than or equal to";
            yield return FieldMistake.Invalid(path, text, $"{path} in body should be {word} {maximum}");
        }
    }

    private static IEnumerable<FieldMistake> List(JsonObject rules, JsonArray list, string path)
    {
        if (rules.Number("maxItems") is { } most && list.Count > most)
        {
            yield return new FieldMistake("FieldValueTooMany", path, $"Too many: {list.Count}: must have at most {most} items");
        }

        if (rules.Number("minItems") is { } least && list.Count < least)
        {
            yield return FieldMistake.Invalid(path, list.Count.ToString(CultureInfo.InvariantCulture), $"{path} in body should have at least {least} items");
        }

        var keys = rules.Texts("x-kubernetes-list-map-keys").ToList();
        var isSet = rules.Text("x-kubernetes-list-type") == "set";
        if (keys.Count > 0 || isSet)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < list.Count; i++)
            {
                var key = isSet ? list[i] : new JsonObject(keys.Select(name => KeyValuePair.Create(name, (list[i] as JsonObject)?[name]?.DeepClone())));
                var text = key?.ToJsonString() ?? "null";
                if (!seen.Add(text))
                {
                    yield return FieldMistake.Duplicate($"{path}[{i}]", text);
                }
            }
        }
    }

    private static IEnumerable<FieldMistake> Map(JsonObject rules, JsonObject map, string path)
    {
        foreach (var name in rules.Texts("required").Where(name => map[name] is null))
        {
            yield return FieldMistake.Required(Join(path, name));
        }

        if (rules.Number("maxProperties") is { } most && map.Count > most)
        {
            yield return new FieldMistake("FieldValueTooMany", path, $"Too many: {map.Count}: must have at most {most} items");
        }
    }

    private static IEnumerable<FieldMistake> Inner(JsonObject rules, JsonNode value, string path)
    {
        if (value is JsonArray list && rules.Object("items") is { } items)
        {
            return list.SelectMany((item, i) => Mistakes(items, item, $"{path}[{i}]"));
        }

        return value is JsonObject map
            ? map.Where(pair => path.Length > 0 || pair.Key is not ("metadata" or "apiVersion" or "kind"))
                .SelectMany(pair => RulesOf(rules, pair.Key) is { } inner ? Mistakes(inner, pair.Value, Join(path, pair.Key)) : [])
            : [];
    }

    // What may be said of a value besides its type: all of, any of, one of, not.
    private static IEnumerable<FieldMistake> Combined(JsonObject rules, JsonNode value, string path)
    {
        foreach (var mistake in rules.Objects("allOf").SelectMany(part => Mistakes(part, value, path)))
        {
            yield return mistake;
        }

        var any = rules.Objects("anyOf").ToList();
        if (any.Count > 0 && !any.Exists(part => !Mistakes(part, value, path).Any()))
        {
            yield return FieldMistake.Invalid(path, "\"\"", $"\"{path}\" must validate at least one schema (anyOf)");
        }

        var one = rules.Objects("oneOf").ToList();
        var valid = one.Count(part => !Mistakes(part, value, path).Any());
        if (one.Count > 0 && valid != 1)
        {
            yield return FieldMistake.Invalid(
                path, "\"\"", $"\"{path}\" must validate one and only one schema (oneOf). Found {(valid == 0 ? "none valid" : $"{valid} valid alternatives")}");
        }

        if (rules.Object("not") is { } not && !Mistakes(not, value, path).Any())
        {
            yield return FieldMistake.Invalid(path, "\"\"", $"\"{path}\" must not validate the schema (not)");
        }
    }

    private static JsonObject? RulesOf(JsonObject rules, string field) => rules.Object("properties").Object(field) ?? rules.Object("additionalProperties");

    private static bool HasType(JsonObject rules, JsonNode value)
    {
        var kind = value.GetValueKind();
        if (rules.Flag("x-kubernetes-int-or-string"))
        {
            return kind is JsonValueKind.String || IsInteger(value);
        }

        return rules.Text("type") switch
        {
            "object" => kind is JsonValueKind.Object,
            "array" => kind is JsonValueKind.Array,
            "string" => kind is JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "number" => kind is JsonValueKind.Number,
            "integer" => IsInteger(value),
            _ => true,
        };
    }

    private static bool IsInteger(JsonNode value) => value.GetValueKind() is JsonValueKind.Number && Math.Floor(Real(value)) == Real(value);

    private static double Real(JsonNode value) => double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static FieldMistake WrongType(JsonObject rules, string word, string path) => new(
        "FieldValueTypeInvalid", path, $"Invalid value: \"{word}\": {path} in body must be of type {rules.Text("type")}: \"{word}\"");

    private static string Word(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => IsInteger(value) ? "integer" : "number",
        _ => "boolean",
    };

    private static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";
}
