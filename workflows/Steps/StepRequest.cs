using System.Text.Json.Serialization;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>Which attempt of which step of which scope an activity is about. Small: every history holds many.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The cluster, or what clusters share.</param>
/// <param name="App">The service that has the step.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Epoch">The epoch that writes belong to.</param>
/// <param name="Number">The number of the call within the scope's part of the rollout; grows.</param>
internal sealed record StepAttempt(
    RolloutRun Run,
    StepScope Scope,
    string App,
    string Step,
    int Attempt,
    long Epoch,
    int Number)
{
    public Call ToCall() => new()
    {
        Rollout = Run.Name,
        Generation = Run.Generation,
        Scope = Scope.ToString(),
        Step = Step,
        Attempt = Attempt,
        Epoch = Epoch,
    };

    /// <summary>The same, as the account that the request names.</summary>
    public Call ToCall(FleetInstallRequest request)
    {
        var call = ToCall();
        call.KeyFile = request.KeyFile ?? "";
        return call;
    }

    /// <summary>Where the plan of an attempt of this step lies.</summary>
    public string LedgerKey(int attempt) => LedgerKeys.Entry((this with { Attempt = attempt }).ToCall());
}

/// <summary>Asks for one call of a step.</summary>
/// <param name="Phase">Which call.</param>
/// <param name="Attempt">Which attempt of which step.</param>
/// <param name="Planned">The attempt whose stored plan it is about; of a plan: none.</param>
/// <param name="Earlier">Of a plan: this generation's earlier attempts that planned a change.</param>
/// <param name="Handles">Of a verify: what was answered as pending.</param>
/// <param name="IsLong">Whether it may take minutes.</param>
internal sealed record StepRequest(
    StepPhase Phase,
    StepAttempt Attempt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Planned = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<int>? Earlier = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? Handles = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsLong = false);

/// <summary>What a step is at.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepPhase>))]
internal enum StepPhase
{
    Plan,
    Apply,
    Verify,
    Revert,
    VerifyUndo,
    Preflight,
}
