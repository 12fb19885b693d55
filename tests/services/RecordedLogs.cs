using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Services;

/// <summary>Keeps log lines with their scopes: the last few thousand.</summary>
public sealed class RecordedLogs : ILoggerProvider, ISupportExternalScope
{
    private const int Longest = 5_000;
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logs._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            logs._scopes.ForEachScope((scope, found) => found.Add(Text(scope)), scopes);
            logs._lines.Enqueue($"{logLevel} {category} [{string.Join(' ', scopes)}] {formatter(state, exception)} {exception}");
            while (logs._lines.Count > Longest)
            {
                logs._lines.TryDequeue(out _);
            }
        }

        private static string Text(object? scope) => scope is IEnumerable<KeyValuePair<string, object>> pairs
            ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
            : scope?.ToString() ?? "";
    }
}
