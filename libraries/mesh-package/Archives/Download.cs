using System.Net;
using System.Net.Http.Headers;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>Downloads one file; a part that an earlier try left is gone on with, if the server still has the same file.</summary>
internal sealed class Download(HttpClient http, Uri address, string path, PackageOptions limits, TimeProvider time)
{
    private const int BufferSize = 128 * 1024;

    private readonly string _part = $"{path}.part";
    private readonly string _etag = $"{path}.part.etag";
    private long _length;
    private long _done;

    public string Progress => _length > 0
        ? FormattableString.Invariant($"{_done / 1024} of {_length / 1024} KiB")
        : FormattableString.Invariant($"{_done / 1024} KiB");

    /// <exception cref="WaitException">The server does not answer, or broke off; what came is kept.</exception>
    /// <exception cref="MeshException">The server does not have it: <c>PACKAGE_UNAVAILABLE</c>; or too much: <c>PACKAGE_TOO_LARGE</c>.</exception>
    public async Task RunAsync()
    {
        using var idle = new CancellationTokenSource(limits.IdleTimeout, time);
        try
        {
            using var request = Request();
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token);
            if (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // The part is longer than the file, or the file is another one now.
                Forget();
                throw new WaitException($"the download of {address} begins anew");
            }

            Check(response);
            await ReceiveAsync(response, idle);
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            throw new WaitException(
                FormattableString.Invariant($"the download of {address} broke off at {Progress}: nothing came for {limits.IdleTimeout.TotalSeconds} s"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new WaitException($"the download of {address} broke off at {Progress}: {exception.Message}");
        }

        if (_length > 0 && _done < _length)
        {
            throw new WaitException($"the download of {address} broke off at {Progress}");
        }

        File.Move(_part, path, overwrite: true);
        File.Delete(_etag);
    }

    private void Forget()
    {
        File.Delete(_part);
        File.Delete(_etag);
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (File.Exists(_part) && File.Exists(_etag) && EntityTagHeaderValue.TryParse(File.ReadAllText(_etag), out var tag))
        {
            request.Headers.Range = new RangeHeaderValue(new FileInfo(_part).Length, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        return request;
    }

    private void Check(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = (int)response.StatusCode;
        if (status is 408 or 429 or >= 500)
        {
            throw new WaitException(FormattableString.Invariant($"{address} answers {status}"));
        }

        throw new MeshException(
            "PACKAGE_UNAVAILABLE",
            FormattableString.Invariant($"{address} answers {status} {response.ReasonPhrase}."),
            "Check the mesh's version, or say where the package is (MeshPackage:Release, MeshPackage:Configuration).");
    }

    private async Task ReceiveAsync(HttpResponseMessage response, CancellationTokenSource idle)
    {
        var isRest = response.StatusCode is HttpStatusCode.PartialContent;
        if (!isRest)
        {
            Forget();
        }

        if (response.Headers.ETag is { IsWeak: false } tag)
        {
            await File.WriteAllTextAsync(_etag, tag.ToString(), idle.Token);
        }

        await using var file = new FileStream(_part, isRest ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _done = file.Length;
        _length = _done + (response.Content.Headers.ContentLength ?? -_done);
        Limit(_length);
        await using var body = await response.Content.ReadAsStreamAsync(idle.Token);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await body.ReadAsync(buffer, idle.Token)) > 0)
        {
            idle.CancelAfter(limits.IdleTimeout);
            Limit(_done + read);
            await file.WriteAsync(buffer.AsMemory(0, read), idle.Token);
            _done += read;
        }
    }

    private void Limit(long length)
    {
        if (length <= limits.LargestArchive)
        {
            return;
        }

        Forget();
        throw new MeshException(
            "PACKAGE_TOO_LARGE",
            FormattableString.Invariant($"{address} is larger than {limits.LargestArchive} bytes (MeshPackage:LargestArchive)."),
            "Check the address; if it is what you want, raise that setting.");
    }
}
