using Google.Apis.Requests;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>One call. The path is ready to send; what may vary is in the query.</summary>
internal sealed class ApiRequest<TResponse> : ClientServiceRequest<TResponse>
{
    private readonly object? _body;

    public ApiRequest(ApiService service, HttpMethod method, string path, object? body = null)
        : base(service)
    {
        HttpMethod = method.Method;
        RestPath = path;
        _body = body;
        InitParameters();
        RequestParameters.Clear();
    }

    public override string MethodName => RestPath;

    public override string RestPath { get; }

    public override string HttpMethod { get; }

    protected override object? GetBody() => _body;
}
