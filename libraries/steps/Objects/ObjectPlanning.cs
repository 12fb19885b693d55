using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>From wanted and live objects to changes.</summary>
internal sealed class ObjectPlanning(ObjectPlace place, PlanFacts facts)
{
    private const int FieldsNamed = 3;

    private readonly List<(WantedObject Wanted, Change? Change)> _planned = [];
    private readonly List<Violation> _different = [];

    /// <exception cref="WaitException">It is being deleted.</exception>
    public void Add(WantedObject wanted, JsonObject? live)
    {
        if (live?.IsTerminating() ?? false)
        {
            throw new WaitException($"{wanted.Target} is being deleted");
        }

        var resource = place.NameOf(wanted.Target);
        if (live is null)
        {
            _planned.Add((wanted, null));
            return;
        }

        var isOurs = ObjectMarks.AreOn(live, facts.Call.Run);
        var differences = FieldDifferences.Between(isOurs ? ObjectMarks.With(wanted.Body, facts.Call.Run) : wanted.Body, live);
        if (differences.Count == 0)
        {
            return;
        }

        if (isOurs)
        {
            _planned.Add((wanted, Fields(resource, live, differences.Select(difference => (difference.Path, difference.Wanted)), facts)));
            return;
        }

        var named = string.Join(", ", differences.Take(FieldsNamed).Select(difference => difference.Path));
        _different.Add(new Violation
        {
            Subject = resource,
            Code = "OBJECT_DIFFERS",
            Message = $"{wanted.Target} is there and differs in {named}{(differences.Count > FieldsNamed ? ", …" : "")}.",
            Remedy = "Take it away, make it equal, or roll back what made it.",
        });
    }

    /// <exception cref="MeshException">Some objects are there and differ.</exception>
    public async Task<IReadOnlyList<Change>> EndAsync(ObjectBodies bodies, CancellationToken cancellationToken)
    {
        if (_different.Count > 0)
        {
            throw new MeshException(
                "OBJECTS_DIFFER",
                $"Objects of others are in the way: {string.Join(" ", _different.Select(violation => violation.Message))}",
                "Take them away, make them equal, or roll back what made them; then try again.")
            {
                Violations = _different,
            };
        }

        var made = _planned.Where(pair => pair.Change is null).Select(pair => pair.Wanted).ToList();
        var references = new Dictionary<ObjectRef, string>();
        foreach (var together in made.GroupBy(one => one.IsShared))
        {
            var written = await bodies.WriteAsync([.. together.Select(one => one.Body)], cancellationToken);
            foreach (var (one, reference) in together.Zip(written))
            {
                references[one.Target] = reference;
            }
        }

        return [.. _planned.Select(pair => pair.Change ?? Create(pair.Wanted, references[pair.Wanted.Target]))];
    }

    public static Change? Fields(
        string resource, JsonObject live, IEnumerable<(FieldPath Path, JsonNode? Value)> wanted, PlanFacts facts)
    {
        var fields = wanted
            .Where(field => field.Value is null
                ? field.Path.Read(live) is not null
                : !FieldDifferences.AreSame(field.Path, field.Value, field.Path.Read(live)))
            .Select(field => new FieldChange
            {
                Path = field.Path.ToString(),
                Before = Plans.Before(facts.Earlier, resource, field.Path.ToString(), FieldValues.Of(field.Path.Read(live))),
                After = FieldValues.Of(field.Value),
            })
            .ToList();
        return fields.Count == 0
            ? null
            : new Change { Resource = resource, Action = ChangeAction.Update, Undo = Undo.Exact, Fields = { fields } };
    }

    private Change Create(WantedObject wanted, string reference) => new()
    {
        Resource = place.NameOf(wanted.Target),
        Action = ChangeAction.Create,
        Undo = Undo.Exact,
        Fields =
        {
            Plans.Field(ObjectBodies.Path, before: null, reference),
            Plans.Field($"metadata.annotations[\"{Marks.RolloutAnnotation}\"]", before: null, facts.Call.Run),
        },
    };
}
