using System.Text;
using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Api;

/// <summary>A call that nobody should send, and a name to tell it by.</summary>
internal sealed record HostileCall(string Name, string Method, string Path, byte[]? Body = null, string? Type = "application/yaml", string? KeyHeader = null);

/// <summary>Calls that nobody should send: each is to be refused by a problem.</summary>
internal static class HostileCalls
{
    private static readonly string[] Ids =
    [
        "a%7C%7Cb", "a||b", "..%2F..%2Fetc%2Fpasswd", "..%5C..", "%2e%2e", "a%2Fb", "a%0Ab", "a%0D%0AX-Evil:1", "a%1B%5B2J", "a%09b", "a%20b", "%20", "A", "Prod", "-", "a-", "-a", "a_b",
        "a.b", "*", "%25", "%2500", "%E2%80%AE", "%E2%80%8B", "%F0%9F%98%80", "%C3%A9", "a'--", "a%22b", "%3Cscript%3E", "$(id)", "{id}", "a%3Bb", "a&b", "a=b", "a@b", "a%23b", "a%3Fb",
        new string('a', 64), new string('a', 2000), "0x00.1", "~", "%7Bid%7D", "a%7F", "%EF%BB%BFa",
    ];

    private static readonly (string Name, byte[] Body)[] Requests =
    [
        ("nothing", []),
        ("blank", "  \n\n"u8.ToArray()),
        ("text", "hello"u8.ToArray()),
        ("number", "4711"u8.ToArray()),
        ("list", "[]"u8.ToArray()),
        ("empty map", "{}"u8.ToArray()),
        ("null", "null"u8.ToArray()),
        ("brackets", Repeated("[", 1_000_000)),
        ("braces", Repeated("{\"a\":", 200_000)),
        ("dashes", Repeated("- ", 400_000)),
        ("question marks", Repeated("? ", 400_000)),
        ("aliases", Encoding.UTF8.GetBytes("a0: &a0 [x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n")))),
        ("itself", "a: &a [*a]"u8.ToArray()),
        ("merge", "a: &a {}\nb: {<<: *a}"u8.ToArray()),
        ("tag", "!!python/object/apply:os.system ['id']"u8.ToArray()),
        ("two documents", "a: 1\n---\nb: 2"u8.ToArray()),
        ("no UTF-8", [0xff, 0xfe, 0x00, 0x41]),
        ("half UTF-8", [.. "a: \""u8, 0xc3]),
        ("UTF-16", Encoding.Unicode.GetBytes(Fleets.Request(1))),
        ("NUL", "a: \0"u8.ToArray()),
        ("zeroes", new byte[100_000]),
        ("random", Noise(100_000)),
        ("gzip", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]),
        ("40 MB", new byte[40_000_000]),
        ("just too large", Encoding.ASCII.GetBytes(Fleets.Request(1) + "# " + new string('x', 1024 * 1024))),
        ("half a pair in a value", """{"apiVersion":"meshworkflow.dev/v1","kind":"\ud800"}"""u8.ToArray()),
        ("half a pair in a name", """{"\udc00":1}"""u8.ToArray()),
        ("half a pair in YAML", "kind: \"\\ud800\""u8.ToArray()),
        ("twice", """{"kind":"FleetInstall","kind":"FleetInstall"}"""u8.ToArray()),
        ("prototype", """{"__proto__":{"a":1}}"""u8.ToArray()),
        ("huge number", """{"apiVersion":1e999}"""u8.ToArray()),
        ("long number", Encoding.ASCII.GetBytes($"apiVersion: {new string('9', 100_000)}")),
        ("xml", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"u8.ToArray()),
        .. Changed("escape in the name", "name: test", "name: \"te\\e[2Jst\""),
        .. Changed("NUL in the name", "name: test", "name: \"te\\0st\""),
        .. Changed("line in the name", "name: test", "name: \"test\\n\""),
        .. Changed("bidi in the name", "name: test", "name: \"te\u202est\""),
        .. Changed("long name", "name: test", $"name: {new string('a', 100_000)}"),
        .. Changed("path as name", "name: test", "name: ../../etc"),
        .. Changed("key as name", "name: test", "name: a||b"),
        .. Changed("name like a generation", "name: test", "name: prod-g1"),
        .. Changed("path as project", "project: demo-fleet", "project: ../demo-fleet"),
        .. Changed("query as project", "project: demo-fleet", "project: demo-fleet?alt=media"),
        .. Changed("path as cluster", "name: c1", "name: c1/../c2"),
        .. Changed("hidden letter in a cluster", "name: c1", "name: \"c1\u200b\""),
        .. Changed("hidden letter in a field", "kind: FleetInstall", "kind: FleetInstall\n\"spec\u202e\": {}"),
        .. Changed("option that is a path", "  clusters:", "  options: [\"../../../etc/passwd\"]\n  clusters:"),
        .. Changed("option that is a flag", "  clusters:", "  options: [\"--kubeconfig=/x\"]\n  clusters:"),
        .. Changed("overlay that nests", "  clusters:", $"  overlays: [{{ name: a, content: '{new string('[', 100_000)}' }}]\n  clusters:"),
        .. Changed("overlay of a path", "  clusters:", "  overlays: [/etc/passwd]\n  clusters:"),
        .. Changed("overlay with a hidden name", "  clusters:", "  overlays: [{ name: \"a\\e]0;x\\a\", content: '' }]\n  clusters:"),
        .. Changed("endless time", "pollEvery: 100ms", "pollEvery: 99999999999999999999h"),
        .. Changed("negative time", "pollEvery: 100ms", "pollEvery: -1s"),
    ];

    private static readonly (string Name, string Body)[] Wishes =
    [
        ("text", "hello"), ("list", "[]"), ("number", "1"), ("null", "null"), ("unknown field", """{"stag":"x"}"""), ("wrong type", """{"stage":1,"reason":1,"kubeconfig":1}"""),
        ("half a pair", """{"stage":"\ud800","reason":"\ud800","kubeconfig":"\ud800"}"""), ("half a pair in a name", """{"\ud800":1}"""), ("brackets", new string('[', 100_000)),
        ("escape", "{\"reason\":\"\\u001b[2J\",\"stage\":\"\\u001b[2J\",\"kubeconfig\":\"/\\u001b[2J\"}"), ("twice", """{"reason":"a","reason":"b"}"""),
        ("too long", $$"""{"reason":"{{new string('x', 5000)}}"}"""), ("too large", $$"""{"reason":"{{new string('x', 2_000_000)}}"}"""), ("cut off", "{\"reason\":"), ("NUL", "\0"),
    ];

    private static readonly string[] Parts = ["..", "%2e%2e", "a%2Fb", "a%0Ab", "a%1Bb", "%E2%80%AE", "A", "a%7C%7Cb", new string('a', 1000), "*", "a%20b", "%00"];

    private static readonly string[] Reads = ["", "/events"];
    private static readonly string[] Steers = ["rollback", "cancel", "pause", "resume", "approve"];
    private static readonly string[] Verbs = ["", ":validate", ":plan", ":preflight"];
    private static readonly string[] Steered = ["/v1/rollouts/none/cancel", "/v1/rollouts/none/approve", "/v1/clusters/demo-apps/us-central1/c1/unlock"];
    private static readonly string[] Methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND"];
    private static readonly string[] Nowhere = ["/v1/rollouts:plan", "/v1/rollouts/a/cancel", "/v1/clusters/demo-apps/us-central1/c1/unlock", "/", "/v1", "/v2/rollouts", "/v1/rollouts/a/b/c", "/.env", "/v1/rollouts%2Fa"];
    private static readonly string[] Types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "*/*"];
    private static readonly string[] Keys = ["a b", "a,b", new string('k', 256), "\t", "a;\u007f"];

    public static IEnumerable<HostileCall> All() =>
    [
        .. Ids.SelectMany(id => Reads.Select(verb => new HostileCall($"GET {id}{verb}", "GET", $"/v1/rollouts/{id}{verb}"))),
        .. Ids.SelectMany(id => Steers.Select(verb => new HostileCall($"{verb} {id}", "POST", $"/v1/rollouts/{id}/{verb}", Type: null))),
        .. Requests.SelectMany(body => Verbs.Select(verb => new HostileCall($"{verb} {body.Name}", "POST", $"/v1/rollouts{verb}", body.Body))),
        .. Wishes.SelectMany(body => Steered.Select(path =>
            new HostileCall($"{path} {body.Name}", "POST", path, Encoding.UTF8.GetBytes(body.Body), "application/json"))),
        .. Parts.SelectMany(part => new[] { $"{part}/us-central1/c1", $"demo-apps/{part}/c1", $"demo-apps/us-central1/{part}" }.Select(path =>
            new HostileCall($"unlock {path}", "POST", $"/v1/clusters/{path}/unlock", Type: null))),
        .. Methods.SelectMany(method =>
            Nowhere
                .Select(path => new HostileCall($"{method} {path}", method, path))),
        .. Types.Select(type =>
            new HostileCall($"approve as {type}", "POST", "/v1/rollouts/none/approve", "x"u8.ToArray(), type)),
        .. Keys.Select(key =>
            new HostileCall($"key {key}", "POST", "/v1/rollouts", Encoding.ASCII.GetBytes(Fleets.Request(1)), KeyHeader: key)),
    ];

    private static byte[] Repeated(string text, int times) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static (string Name, byte[] Body)[] Changed(string name, string right, string wrong) =>
        [(name, Encoding.UTF8.GetBytes(Fleets.Request(1).Replace(right, wrong, StringComparison.Ordinal)))];
}
