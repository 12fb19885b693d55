namespace MeshWorkflow.Sandbox.Kubernetes.Failures;

/// <summary>A mistake in an object, at a place.</summary>
/// <param name="Reason">Such as <c>FieldValueRequired</c>.</param>
/// <param name="Field">The place.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record FieldMistake(string Reason, string Field, string Message)
{
    public static FieldMistake Required(string field, string detail = "") =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <param name="field">The place.</param>
    /// <param name="value">The value, as it is to be shown.</param>
    /// <param name="detail">What is wrong with it.</param>
    public static FieldMistake Invalid(string field, string value, string detail) =>
        new("FieldValueInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldMistake NotSupported(string field, string value, IEnumerable<string> supported) => new(
        "FieldValueNotSupported",
        field,
        $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Order(StringComparer.Ordinal).Select(item => $"\"{item}\""))}");

    /// <param name="field">The place.</param>
    /// <param name="most">How many bytes it may have.</param>
    public static FieldMistake TooLong(string field, long most) => new("FieldValueTooLong", field, $"Too long: may not be more than {most} bytes");

    public static FieldMistake Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: {value}");

    public static FieldMistake Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");
}
