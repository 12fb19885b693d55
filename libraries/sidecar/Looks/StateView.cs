using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Sidecar.Workflows;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Looks;

/// <summary>
/// Looks into a state file from outside, whether a sidecar runs on it or not. It sees the last commit, changes nothing and holds
/// nobody up.
/// </summary>
public sealed class StateView : IDisposable
{
    private readonly SqliteConnection _connection;

    private StateView(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a state file to look into it.</summary>
    /// <param name="stateFile">The file.</param>
    /// <returns>The view.</returns>
    /// <exception cref="StateFileException">There is none, or it is damaged, of another release or of another program.</exception>
    public static StateView Open(string stateFile) => new(Database.OpenToRead(stateFile));

    /// <summary>Lists instances, the newest first.</summary>
    /// <param name="app">Only this app's; null: all apps'.</param>
    /// <param name="status">Only those of this status, <c>Running</c> say; null: all.</param>
    /// <param name="limit">At most so many.</param>
    /// <returns>The instances.</returns>
    /// <exception cref="ArgumentException">There is no such status.</exception>
    public IReadOnlyList<WorkflowSummary> List(string? app, string? status, int limit)
    {
        OrchestrationStatus? wanted = status is null ? null
            : Enum.TryParse<OrchestrationStatus>(status, ignoreCase: true, out var parsed) ? parsed
            : throw new ArgumentException($"'{status}' is no status. There are: {string.Join(", ", Enum.GetNames<OrchestrationStatus>())}.", nameof(status));
        return Summaries.Read(_connection, app, wanted, limit);
    }

    /// <summary>Which apps have an instance of an id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The apps.</returns>
    public IReadOnlyList<string> AppsWith(string id) => Summaries.AppsWith(_connection, id);

    /// <summary>Says where an instance is and what it waits for.</summary>
    /// <param name="app">Whose it is.</param>
    /// <param name="id">Its id.</param>
    /// <returns>The instance, or null: there is none.</returns>
    public WorkflowDetails? Show(string app, string id)
    {
        if (Load(app, id) is not { } instance)
        {
            return null;
        }

        var started = instance.Started?.ExecutionStarted;
        return new WorkflowDetails(
            app,
            id,
            started?.Name ?? "",
            instance.Status.ToString(),
            instance.CreatedAt.ToDateTimeOffset(),
            instance.CustomStatus,
            started?.ParentInstance?.WorkflowInstance?.InstanceId,
            instance.Execution.Turns,
            instance.Execution.Size,
            Waits.Of(instance));
    }

    /// <summary>Reads an instance's history, the events that no turn has taken in yet at its end.</summary>
    /// <param name="app">Whose it is.</param>
    /// <param name="id">Its id.</param>
    /// <returns>The history, or null: there is no such instance.</returns>
    public IReadOnlyList<WorkflowHistoryLine>? History(string app, string id) => Load(app, id) is { } instance
        ? [.. instance.Execution.History.Concat(instance.Inbox.Select(arrived => arrived.Event)).Select(HistoryLines.Of)]
        : null;

    /// <summary>Copies all that is stored into a new file. The copy is compact and can be started from.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <exception cref="StateFileException">The copy can't be made there.</exception>
    public void Backup(string path) => Database.Copy(_connection, path);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private Instance? Load(string app, string id)
    {
        // One snapshot for all that is read.
        using var transaction = _connection.BeginTransaction(deferred: true);
        return InstanceRows.Load(_connection, new InstanceKey(app, id));
    }
}
