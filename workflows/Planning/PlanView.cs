namespace MeshWorkflow.Workflows.Planning;

/// <summary>What a request would change. Made by reading alone.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="Problems">What would keep it from succeeding.</param>
/// <param name="Scopes">What would be done, in this order: first what clusters share, then each cluster.</param>
/// <param name="Counts">How much it is in all.</param>
internal sealed record PlanView(string Name, IReadOnlyList<PlanProblem> Problems, IReadOnlyList<PlannedScope> Scopes, PlanCounts Counts);

/// <summary>What would keep a step from succeeding.</summary>
/// <param name="Scope">Where.</param>
/// <param name="Step">Which step; null: preflight.</param>
/// <param name="Reason">UPPER_SNAKE_CASE.</param>
/// <param name="Message">What.</param>
internal sealed record PlanProblem(string Scope, string? Step, string Reason, string Message);

/// <summary>What would be done in one scope.</summary>
/// <param name="Scope"><c>project/P</c>, <c>ca-pool/…</c>, <c>ca-template/…</c> or <c>cluster/P/L/C</c>.</param>
/// <param name="Stage">The cluster's stage, as far as it is known before the cluster was looked at.</param>
/// <param name="Steps">The steps in their order.</param>
internal sealed record PlannedScope(string Scope, string? Stage, IReadOnlyList<PlannedStep> Steps);

/// <summary>What one step would do.</summary>
/// <param name="App">The service that has it.</param>
/// <param name="Step">Its name.</param>
/// <param name="Changes">The changes in their order.</param>
/// <param name="Notices">What people should know.</param>
/// <param name="Texts">What they may want to read along: the effective operator, what options and overlays make of the control plane.</param>
internal sealed record PlannedStep(
    string App,
    string Step,
    IReadOnlyList<PlannedChange> Changes,
    IReadOnlyList<ReadModel.NoticeLine> Notices,
    IReadOnlyList<PlannedText>? Texts = null);

/// <summary>A text that belongs to a step's plan.</summary>
/// <param name="Name">Such as operator.yaml.</param>
/// <param name="Title">What it is, in one line.</param>
/// <param name="Text">The text.</param>
internal sealed record PlannedText(string Name, string Title, string Text);

/// <summary>What would happen to one resource.</summary>
/// <param name="Resource">Its full name.</param>
/// <param name="Action"><c>create</c> or <c>update</c>.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Undo"><c>exact</c> or <c>kept</c>.</param>
/// <param name="KeptBecause">Why it stays.</param>
internal sealed record PlannedChange(string Resource, string Action, IReadOnlyList<PlannedField> Fields, string Undo, string? KeptBecause);

/// <summary>One field of a resource.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Before">Its value now, as JSON; null: it isn't there.</param>
/// <param name="After">Its value then, as JSON; null: it isn't there any more, or is not known yet.</param>
/// <param name="KnownAfter">The step after which it is known.</param>
internal sealed record PlannedField(string Path, string? Before, string? After, string? KnownAfter);

/// <summary>How much a plan is in all.</summary>
/// <param name="Create">Resources that are made.</param>
/// <param name="Update">Resources that are changed.</param>
/// <param name="Kept">Changes of both kinds that an undo leaves.</param>
/// <param name="Problems">What would keep it from succeeding.</param>
internal sealed record PlanCounts(int Create, int Update, int Kept, int Problems);
