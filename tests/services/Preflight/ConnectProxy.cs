using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>An HTTPS proxy: it takes CONNECT, passes bytes on, and remembers where to. It can refuse everybody.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public ConnectProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public bool Refuses { get; init; }

    public ConcurrentQueue<string> Targets { get; } = new();

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        try
        {
            using var inner = client;
            await using var near = inner.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await near.ReadAsync(one, _end.Token) == 1)
            {
                head.Append((char)one[0]);
            }

            var target = head.ToString().Split(' ')[1];
            Targets.Enqueue(target);
            if (Refuses)
            {
                await near.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _end.Token);
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(target.Split(':')[0], int.Parse(target.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), _end.Token);
            await using var far = server.GetStream();
            await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
            await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // Somebody has hung up.
        }
    }
}
