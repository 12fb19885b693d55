using MeshWorkflow.Sandbox.Kubernetes.Access;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>What goes with a write.</summary>
/// <param name="Manager">By whom fields are set.</param>
internal sealed record WriteFacts(string Manager)
{
    /// <summary>Whether only to say what would happen.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether it applies, and the account of who owns what is made already.</summary>
    public bool IsApply { get; init; }

    /// <summary>Whether the caller sent only what it wants to change.</summary>
    public bool IsPatch { get; init; }

    /// <summary>The part that is written; empty: all.</summary>
    public string Subresource { get; init; } = "";

    public Caller Caller { get; init; } = Caller.System;

    /// <summary>The version that the caller speaks; null: the one that is stored.</summary>
    public KindVersion? Version { get; init; }

    /// <summary>What becomes of unknown fields: <c>Ignore</c>, <c>Warn</c> or <c>Strict</c>.</summary>
    public string Validation { get; init; } = "Ignore";

    /// <summary>What was changed.</summary>
    public List<string> Effects { get; init; } = [];

    /// <summary>What the caller should know.</summary>
    public List<string> Warnings { get; } = [];
}
