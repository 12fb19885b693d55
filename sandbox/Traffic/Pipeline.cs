using System.Text;
using System.Text.Json;
using MeshWorkflow.Sandbox.Google;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>What every call goes through: who calls, holds and faults on order, the call itself, the journal.</summary>
internal sealed class Pipeline(Tokens tokens, Faults faults, Holds holds, Journal journal, WorldGate gate)
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
        var answer = await AnswerAsync(site, call);
        if (answer is null)
        {
            journal.Add(call, request, status: 0);
            http.Abort();
            return;
        }

        journal.Add(call, request, answer.Status);
        await WriteAsync(http, answer);
    }

    // Null: the call is dropped.
    private async Task<Answer?> AnswerAsync(IApiSite site, ApiCall call)
    {
        if (call.Principal.Length == 0 && call.Method != ApiMethods.Open)
        {
            return site.Unauthenticated();
        }

        if (await holds.PassAsync(call, HoldPoint.BeforeEffect) is HoldAction.Drop)
        {
            return null;
        }

        if (faults.Meet(call) is { } fault)
        {
            return site.Faulty(fault, call);
        }

        Answer answer;
        lock (gate.Gate)
        {
            answer = call.Handle(call);
        }

        if (await holds.PassAsync(call, HoldPoint.AfterEffect) is HoldAction.Drop)
        {
            return null;
        }

        if (holds.IsArmed(call, HoldPoint.BeforeAnswer))
        {
            await call.Aftermath;
            if (await holds.PassAsync(call, HoldPoint.BeforeAnswer) is HoldAction.Drop)
            {
                return null;
            }
        }

        return answer;
    }

    private static async Task WriteAsync(HttpContext http, Answer answer)
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
            await stream(http.Response, http.RequestAborted);
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
