using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>Everything that CA Service keeps.</summary>
internal sealed partial class PrivateCaStore(WorldGate gate, Operations operations, AccessControl access, TimeProvider time) : IDisposable
{
    private const string Api = "//privateca.googleapis.com/";

    public SortedDictionary<string, JsonObject> Pools { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Authority> Authorities { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, JsonObject> Templates { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, JsonObject> Certificates { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of what is being made.</summary>
    public HashSet<string> Coming { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset Now => time.GetUtcNow();

    public AccessControl Access => access;

    /// <summary>The id that a creation asks for.</summary>
    /// <exception cref="GoogleFailure">It is none.</exception>
    public static string Id(GoogleRequest request, string parameter)
    {
        var id = request.Query(parameter) ?? "";
        return IdForm().IsMatch(id) && request.Part("location") != "-"
            ? id
            : throw new GoogleFailure(GoogleErrors.Invalid(parameter, $"{parameter} must be 1 to 63 letters, digits, '_' and '-': '{id}'"));
    }

    public JsonObject Pool(GoogleRequest request)
    {
        var parts = request.Name.Split('/');
        var name = string.Join('/', parts[..Math.Min(6, parts.Length)]);
        return Pools.GetValueOrDefault(name) ?? throw new GoogleFailure(GoogleErrors.NotFound(name));
    }

    public Authority AuthorityOf(GoogleRequest request) => Authorities.GetValueOrDefault(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));

    public IEnumerable<Authority> AuthoritiesOf(string pool) =>
        Authorities.Values.Where(authority => authority.Name.StartsWith($"{pool}/", StringComparison.Ordinal));

    /// <summary>The authority that signs for a pool, the named one if one is named, and its tier; empty: there is none.</summary>
    public (string Authority, string Tier) SignerOf(string pool, string? id)
    {
        lock (gate.Gate)
        {
            var signer = string.IsNullOrEmpty(id) ? IssuerOf(pool) : Authorities.GetValueOrDefault($"{pool}/certificateAuthorities/{id}");
            return signer is null ? ("", "") : (signer.Name, Pools.GetValueOrDefault(pool)?["tier"]?.GetValue<string>() ?? "");
        }
    }

    /// <summary>The authority that signs where none is named; null: none is enabled.</summary>
    public Authority? IssuerOf(string pool) => AuthoritiesOf(pool).FirstOrDefault(authority => authority.State == "ENABLED");

    public Operation Begin(GoogleRequest request, string name, string verb, Func<List<string>, OperationEnd> end, Action? undo = null)
    {
        if (operations.RunningOn(Api + name) is not null)
        {
            throw new GoogleFailure(GoogleErrors.Of("ABORTED", $"Another operation on '{name}' is running."));
        }

        return operations.Begin(
            request.Call,
            new OperationStart($"{request.Project.RelativeName}/locations/{request.Part("location")}/operations/", operations.NewId(), Api + name, verb) { Undo = undo ?? (() => { }) },
            end);
    }

    /// <summary>Begins something that makes a resource.</summary>
    public Operation Make(GoogleRequest request, string type, JsonObject resource, Action keep, Action forget)
    {
        var name = resource["name"]?.GetValue<string>() ?? "";
        return Begin(
            request,
            name,
            "create",
            effects =>
            {
                keep();
                effects.Add($"created {Api}{name}");
                return OperationEnd.Of($"google.cloud.security.privateca.v1.{type}", resource);
            },
            forget);
    }

    /// <summary>Begins something that changes a resource.</summary>
    public Operation Change(GoogleRequest request, string type, Func<JsonObject> change, string verb = "update") => Begin(request, request.Name, verb, effects =>
    {
        var resource = change();
        effects.Add($"updated {Api}{request.Name}");
        return OperationEnd.Of($"google.cloud.security.privateca.v1.{type}", resource);
    });

    /// <summary>Whether a resource is in a location; <c>-</c> is every one.</summary>
    public static bool IsIn(string name, GoogleRequest request) =>
        name.StartsWith(
            request.Part("location") == "-" ? $"{request.Project.RelativeName}/" : $"{request.Project.RelativeName}/locations/{request.Part("location")}/",
            StringComparison.Ordinal);

    /// <summary>Whether a resource is in a collection; <c>-</c> in its name stands for every place or pool.</summary>
    public static bool IsBelow(string name, string collection)
    {
        var (parts, wanted) = (name.Split('/'), collection.Split('/'));
        return parts.Length > wanted.Length && wanted.Zip(parts).All(pair => pair.First == "-" || pair.First == pair.Second);
    }

    /// <exception cref="GoogleFailure">The call is about one pool, and there is no such pool.</exception>
    public void CheckPools(GoogleRequest request)
    {
        if (!request.Name.Contains("/-/", StringComparison.Ordinal))
        {
            Pool(request);
        }
    }

    public void Dispose()
    {
        foreach (var authority in Authorities.Values)
        {
            authority.Dispose();
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,63}\\z")]
    private static partial Regex IdForm();
}
