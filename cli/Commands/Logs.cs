using Microsoft.Extensions.Logging.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Where a long-running command logs: to standard error, one line each, with rollout, cluster and step.</summary>
internal static class Logs
{
    /// <param name="level">From which level on our own code logs; other code does from <see cref="LogLevel.Warning"/> on.</param>
    public static ILoggerFactory ToConsole(LogLevel level) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level > LogLevel.Warning ? level : LogLevel.Warning)
        .AddFilter("MeshWorkflow", level)
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.IncludeScopes = true;
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        })
        .Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace));
}
