using System.Security.Cryptography;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>The service perimeters. Every caller of the sandbox is outside of them all.</summary>
internal sealed class Perimeters(IReadOnlyList<WorldPerimeter> perimeters)
{
    /// <summary>How Google refuses a call that a perimeter keeps out; null: none does. Roles don't matter.</summary>
    public Answer? Refuse(string api, ProjectState project, string principal) =>
        principal != OtherHands.Somebody && perimeters.Any(perimeter =>
            perimeter.Projects.Contains(project.Id)
            && perimeter.Services.Contains(api)
            && !perimeter.Access.Any(member => Members.Includes(member, principal)))
            ? GoogleErrors.KeptOut(api, project.NumberText, NewIdentifier())
            : null;

    /// <summary>What a violation is found by in the audit log.</summary>
    public static string NewIdentifier() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(39)).Replace('+', '-').Replace('/', '_');
}
