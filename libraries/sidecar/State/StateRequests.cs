using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.Collections;
using Grpc.Core;
using Concurrency = Dapr.Client.Autogen.Grpc.v1.StateOptions.Types.StateConcurrency;

namespace MeshWorkflow.Sidecar.State;

/// <summary>From Dapr's messages to writes.</summary>
internal static class StateRequests
{
    private const string TimeToLive = "ttlInSeconds";

    /// <exception cref="StateRefusedException">The etag or the time to live is none.</exception>
    public static StateWrite Save(string key, StateItem item, DateTimeOffset now)
    {
        var etag = Etag(item.Etag, item.Options);
        return new StateWrite(
            key,
            item.Value.ToByteArray(),
            etag,
            MustBeNew: etag is null && item.Options?.Concurrency is Concurrency.ConcurrencyFirstWrite,
            Expiry(item.Metadata, now));
    }

    /// <exception cref="StateRefusedException">The etag is none.</exception>
    public static StateWrite Delete(string key, Etag? etag, StateOptions? options) =>
        new(key, Value: null, Etag(etag, options), MustBeNew: false, ExpiresAt: null);

    // Last write wins even over an etag; without a mode an etag counts.
    private static long? Etag(Etag? etag, StateOptions? options)
    {
        if (options?.Concurrency is Concurrency.ConcurrencyLastWrite || string.IsNullOrEmpty(etag?.Value))
        {
            return null;
        }

        return long.TryParse(etag.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new StateRefusedException(StatusCode.InvalidArgument, $"invalid etag value: '{etag.Value}'");
    }

    private static DateTimeOffset? Expiry(MapField<string, string> metadata, DateTimeOffset now)
    {
        if (!metadata.TryGetValue(TimeToLive, out var text))
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) || seconds < -1)
        {
            throw new StateRefusedException(StatusCode.InvalidArgument, $"{TimeToLive} must be a whole number of seconds, not '{text}'");
        }

        // As with daprd, -1 takes an earlier time to live away.
        return seconds is -1 or 0 ? null : now.AddSeconds(seconds);
    }
}
