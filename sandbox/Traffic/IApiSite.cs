using MeshWorkflow.Sandbox.Google;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>Something that is called: Google's APIs, or the API server of a cluster.</summary>
internal interface IApiSite
{
    /// <summary>Finds out what is called. A call of nothing that exists has an answer too.</summary>
    ApiCall Route(ApiRequest request);

    /// <summary>Whether anybody gets through to it at all.</summary>
    bool IsReachable => true;

    /// <summary>Whether it is there for those who come another way than by its own address.</summary>
    bool IsUp => IsReachable;

    /// <summary>Ends when nobody gets through to it any more: its streams break.</summary>
    CancellationToken Streams => CancellationToken.None;

    /// <summary>Who calls; null: the caller could not prove it.</summary>
    string? PrincipalOf(ApiRequest request, Tokens tokens) => request.Bearer is { } token ? tokens.PrincipalOf(token) : null;

    /// <summary>How a call without a valid token is answered.</summary>
    Answer Unauthenticated();

    /// <summary>How a call is answered whose token was valid until now.</summary>
    Answer TokenExpired() => Unauthenticated();

    /// <summary>How a call that a fault was asked for is answered.</summary>
    Answer Faulty(FaultSpec fault, ApiCall call);
}
