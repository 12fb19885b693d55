using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace MeshWorkflow.Steps.Changes;

/// <summary>Field values as plans hold them. An absent field has no value at all.</summary>
public static class Values
{
    /// <summary>A text, or nothing.</summary>
    /// <param name="text">The text; <see langword="null"/>: the field isn't there.</param>
    /// <returns>The value.</returns>
    public static Value? Of(string? text) => text is null ? null : Value.ForString(text);

    /// <summary>A list of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>The value.</returns>
    public static Value Of(IEnumerable<string> texts) => Value.ForList([.. texts.Select(Value.ForString)]);

    /// <summary>The texts of a list.</summary>
    /// <param name="value">The value; <see langword="null"/>: an empty list.</param>
    /// <returns>The texts.</returns>
    public static IReadOnlyList<string> Texts(Value? value) => [.. value?.ListValue?.Values.Select(item => item.StringValue) ?? []];

    /// <summary>Whether two fields are the same: both absent, or of equal value.</summary>
    /// <param name="one">A value.</param>
    /// <param name="other">Another.</param>
    /// <returns>Whether they are.</returns>
    public static bool AreEqual(Value? one, Value? other) => one is null ? other is null : one.Equals(other);

    /// <summary>A value for people: its JSON, or <c>(absent)</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static string Show(Value? value) => value is null ? "(absent)" : JsonFormatter.Default.Format(value);
}
