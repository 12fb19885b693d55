using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>Reads the bindings of a world.</summary>
internal static class WorldBindings
{
    public static PolicyBinding Read(WorldBinding world) => new(
        world.Role,
        world.Members,
        world.Condition is null ? null : new JsonObject { ["title"] = world.ConditionTitle, ["expression"] = world.Condition });
}
