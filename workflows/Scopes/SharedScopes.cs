using System.Text.Json;
using System.Text.Json.Serialization;
using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Makes what clusters share a workflow's own for a while: rollouts that prepare or leave the same project take turns. Raises the
/// scope's epoch, so that whatever was under way before writes nothing any more. Delivered again, it finds all that done.
/// </summary>
internal sealed class BeginScope(Turns turns, Epochs epochs, Documents documents, StepRecords records) : WorkflowActivity<ScopeClaim, Begun>
{
    public override async Task<Begun> RunAsync(WorkflowActivityContext context, ScopeClaim input)
    {
        using var limit = records.Limit();
        if (await turns.TakeAsync(input.Scope, input.Instance, limit.Token) is { } other)
        {
            var wait = new StepResult(StepResultKind.Wait, NotBefore: records.Now, Message: $"{other} is at work on {input.Scope}");
            return new Begun(0, await records.WithWishAsync(input.Run, wait, limit.Token));
        }

        var epoch = await epochs.RaiseAsync(input.Scope.ToString(), input.Instance, limit.Token);
        var document = input.IsLate ? await documents.ScopeAsync(input.Run, input.Scope, limit.Token) : null;
        if (document is { State: ClusterState.Succeeded })
        {
            return new Begun(epoch, new StepResult(StepResultKind.Done), []);
        }

        var request = await records.RequestAsync(input.Run, limit.Token);
        return new Begun(
            epoch,
            new StepResult(StepResultKind.Done),
            [.. StepCatalog.Wanted(request, input.Scope).Select(step => step.Name.ToString())],
            document?.Last ?? 0);
    }
}

/// <summary>Lets the next one have its turn.</summary>
internal sealed class EndScope(Turns turns, Epochs epochs, StepRecords records) : WorkflowActivity<ScopeClaim, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, ScopeClaim input)
    {
        using var limit = records.Limit();
        if (await turns.IsOfAsync(input.Scope, input.Instance, limit.Token))
        {
            await epochs.RaiseAsync(input.Scope.ToString(), $"{input.Instance}-end", limit.Token);
            await turns.EndAsync(input.Scope, input.Instance, limit.Token);
        }

        return new StepResult(StepResultKind.Done);
    }
}

/// <summary>Whose turn it is in a scope that rollouts share.</summary>
internal sealed class Turns(MeshState state)
{
    /// <returns>Whose turn it is; null: it is this one's.</returns>
    public async Task<string?> TakeAsync(StepScope scope, string instance, CancellationToken cancellationToken)
    {
        string? other = null;
        await state.UpdateAsync(
            KeyOf(scope),
            current =>
            {
                var holder = Read(current);
                other = holder.Length == 0 || holder == instance ? null : holder;
                return holder.Length == 0 ? Write(instance) : null;
            },
            cancellationToken);
        return other;
    }

    public async Task<bool> IsOfAsync(StepScope scope, string instance, CancellationToken cancellationToken) =>
        Read((await state.GetAsync(KeyOf(scope), cancellationToken))?.Value) == instance;

    public Task EndAsync(StepScope scope, string instance, CancellationToken cancellationToken) => state.UpdateAsync(
        KeyOf(scope), current => Read(current) == instance ? Write("") : null, cancellationToken);

    private static string KeyOf(StepScope scope) => $"turn/{scope}";

    private static string Read(ReadOnlyMemory<byte>? value) =>
        value is { } json ? JsonSerializer.Deserialize(json.Span, TurnJson.Default.Turn)?.Instance ?? "" : "";

    private static ReadOnlyMemory<byte>? Write(string instance) =>
        JsonSerializer.SerializeToUtf8Bytes(new Turn(instance), TurnJson.Default.Turn);
}

/// <summary>Whose turn it is.</summary>
/// <param name="Instance">The workflow; empty: nobody's.</param>
internal sealed record Turn(string Instance);

/// <summary>How turns are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Turn))]
internal sealed partial class TurnJson : JsonSerializerContext;
