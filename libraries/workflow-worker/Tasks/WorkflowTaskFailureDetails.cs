using System.Reflection;

namespace Dapr.Workflow;

/// <summary>Why an activity, a child or a whole workflow failed.</summary>
/// <param name="errorType">The full name of the exception's type, or a name of the runtime's own.</param>
/// <param name="errorMessage">The exception's message.</param>
/// <param name="stackTrace">Where it was thrown, if known.</param>
public class WorkflowTaskFailureDetails(string errorType, string errorMessage, string? stackTrace = null)
{
    /// <summary>The full name of the exception's type, or a name of the runtime's own.</summary>
    public string ErrorType { get; } = errorType;

    /// <summary>The exception's message.</summary>
    public string ErrorMessage { get; } = errorMessage;

    /// <summary>Where it was thrown, if known.</summary>
    public string? StackTrace { get; } = stackTrace;

    /// <summary>
    /// Whether the failure is of this type or one derived from it. Only types of the core library and of this one are found:
    /// for exceptions of your own compare <see cref="ErrorType"/>.
    /// </summary>
    /// <typeparam name="T">The exception's type.</typeparam>
    /// <returns>Whether it is.</returns>
    public bool IsCausedBy<T>()
        where T : Exception
    {
        var type = typeof(Exception).Assembly.GetType(ErrorType, throwOnError: false)
            ?? Assembly.GetExecutingAssembly().GetType(ErrorType, throwOnError: false);
        return type is not null && typeof(T).IsAssignableFrom(type);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";
}
