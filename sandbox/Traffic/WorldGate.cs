using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>One thing happens in the world at a time.</summary>
internal sealed class WorldGate
{
    public Lock Gate { get; } = new();
}

/// <summary>Names of calls that need more than a name.</summary>
internal static class ApiMethods
{
    /// <summary>A call that needs no token.</summary>
    public const string Open = "open";

    /// <summary>Not a call: an operation ends.</summary>
    public const string OperationEnd = "operation";
}

/// <summary>How answers are written: as the real servers do, without needless escapes.</summary>
internal static class AnswerJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
