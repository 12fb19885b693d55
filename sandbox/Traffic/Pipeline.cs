using System.Text;
using System.Text.Json;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>What every call goes through: who calls, holds and faults on order, the call itself, the journal.</summary>
/// <param name="tokens">The valid tokens.</param>
/// <param name="faults">What is to go wrong.</param>
/// <param name="room">Lets it go wrong.</param>
/// <param name="holds">Where calls are held.</param>
/// <param name="traffic">The journal, and what keeps calls apart.</param>
internal sealed class Pipeline(Tokens tokens, Faults faults, FaultRoom room, Holds holds, HandTraffic traffic)
{
    // Stops being about the caller as soon as the request is read: a held call may outlive who made it.
    public async Task ServeAsync(HttpContext http, IApiSite site)
    {
        if (!site.IsReachable)
        {
            http.Abort();
            return;
        }

        var request = await ApiRequest.ReadAsync(http.Request, http.RequestAborted);
        var call = site.Route(request);
        call.Principal = site.PrincipalOf(request, tokens) ?? "";
        var fate = new CallFate();
        try
        {
            var answer = await AnswerAsync(site, call, request, fate);
            traffic.Journal.Add(call, request, answer?.Status ?? 0);
            if (answer is null || !site.IsReachable)
            {
                http.Abort();
                return;
            }

            await WriteAsync(http, site, answer);
        }
        finally
        {
            faults.End(fate);
        }
    }

    // Null: the call is dropped.
    private async Task<Answer?> AnswerAsync(IApiSite site, ApiCall call, ApiRequest request, CallFate fate)
    {
        if (call.Principal.Length == 0 && call.Method != ApiMethods.Open)
        {
            return site.Unauthenticated();
        }

        if (await holds.PassAsync(call, HoldPoint.BeforeEffect) is HoldAction.Drop)
        {
            return null;
        }

        faults.Meet(call, fate);
        if (fate.ExpiresToken)
        {
            tokens.Expire(request.Bearer);
            return site.TokenExpired();
        }

        if (!await room.BeforeAsync(fate) || !site.IsReachable)
        {
            return null;
        }

        if (fate.Refusal is { } refusal)
        {
            return site.Faulty(refusal, call);
        }

        Answer answer;
        lock (traffic.Gate.Gate)
        {
            room.OthersBefore(fate, site, call, request);
            answer = call.Handle(call);
            answer = room.After(fate, call, request, answer);
        }

        return await IsAnsweredAsync(call, fate) ? answer : null;
    }

    private async Task<bool> IsAnsweredAsync(ApiCall call, CallFate fate)
    {
        if (await holds.PassAsync(call, HoldPoint.AfterEffect) is HoldAction.Drop
            || !await room.HangAsync(fate, HoldPoint.AfterEffect)
            || fate.BreaksAfter)
        {
            return false;
        }

        var hangsLate = fate.Hangs.Exists(each => each.Hang.Point is HoldPoint.BeforeAnswer);
        if (hangsLate || holds.IsArmed(call, HoldPoint.BeforeAnswer))
        {
            await call.Aftermath;
            return await holds.PassAsync(call, HoldPoint.BeforeAnswer) is not HoldAction.Drop && await room.HangAsync(fate, HoldPoint.BeforeAnswer);
        }

        return true;
    }

    private static async Task WriteAsync(HttpContext http, IApiSite site, Answer answer)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        http.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var warning in answer.Warnings)
        {
            http.Response.Headers.Append("Warning", $"299 - {JsonSerializer.Serialize(warning, AnswerJson.Options)}");
        }

        if (answer.ETag is { } etag)
        {
            http.Response.Headers.ETag = etag;
        }

        if (answer.Stream is { } stream)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            http.Response.ContentType = answer.ContentType ?? "application/json";
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, site.Streams);
            await stream(http.Response, ends.Token);
            if (site.Streams.IsCancellationRequested || !site.IsReachable)
            {
                http.Abort();
            }

            return;
        }

        var (type, body) = answer switch
        {
            { Bytes: { } bytes } => ("application/octet-stream", bytes),
            { Text: { } text } => ("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text)),
            { Body: { } json } => ("application/json", JsonSerializer.SerializeToUtf8Bytes(json, AnswerJson.Options)),
            _ => ("", []),
        };
        if (type.Length > 0)
        {
            http.Response.ContentType = answer.ContentType ?? type;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
