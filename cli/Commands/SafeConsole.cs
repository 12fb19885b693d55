using MeshWorkflow.Workflows.Requests;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshWorkflow.Cli.Commands;

/// <summary>
/// A console on which the text of others (servers, files, arguments) can't steer the terminal: what can't be seen is written as
/// <c>\u001b</c>. The codes of its own, colours and the like, go through.
/// </summary>
internal sealed class SafeConsole(IAnsiConsole console) : IAnsiConsole
{
    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => console.Input;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => console.Clear(home);

    public void Write(IRenderable renderable) => console.Write(new Safe(renderable));

    public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

    private sealed class Safe(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || segment.IsLineBreak || VisibleText.FirstHidden(segment.Text, areLinesKept: true) is null
                ? segment
                : new Segment(VisibleText.Lines(segment.Text), segment.Style, segment.Link));
    }
}
