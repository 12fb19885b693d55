using System.Globalization;
using Google.Apis.Requests;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>One call, on the official core.</summary>
internal sealed class ApiRequest<TResponse> : ClientServiceRequest<TResponse>
{
    private readonly ApiCall _call;

    public ApiRequest(ApiService service, ApiCall call)
        : base(service)
    {
        _call = call;
        InitParameters();
        RequestParameters.Clear();
        if (call.ServerTimeout is { } timeout)
        {
            ModifyRequest = message => message.Headers.Add(
                "X-Server-Timeout", ((long)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }
    }

    public override string MethodName => RestPath;

    public override string RestPath => _call.Path;

    public override string HttpMethod => _call.Method.Method;

    protected override object? GetBody() => _call.Body;
}
