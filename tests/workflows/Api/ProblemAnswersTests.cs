using System.Text.Json.Nodes;
using MeshWorkflow.Workflows.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshWorkflow.Tests.Workflows.Api;

/// <summary>What goes wrong within a call is answered by a problem, however far its answer had come.</summary>
public sealed class ProblemAnswersTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/event-stream")]
    public async Task Call_FailsBeforeItsAnswerStarts_IsAnsweredByAProblem(string? contentType)
    {
        var (problem, response) = await AnswerAsync(context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.ETag = "\"half\"";
            throw new InvalidOperationException("secret");
        });

        Assert.Equal((500, "INTERNAL"), (response.StatusCode, (string?)problem["title"]));
        Assert.Equal("application/problem+json", response.ContentType);
        Assert.False(response.Headers.ContainsKey("ETag"));
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_CannotBeRead_KeepsTheStatusOfItsRefusal()
    {
        var (problem, response) = await AnswerAsync(_ => throw new BadHttpRequestException("too slow", 408));

        Assert.Equal((408, "CALL_INVALID"), (response.StatusCode, (string?)problem["title"]));
    }

    private static async Task<(JsonNode Problem, HttpResponse Response)> AnswerAsync(RequestDelegate call)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        await new ProblemAnswers(call, NullLogger<ProblemAnswers>.Instance).InvokeAsync(context);
        return (JsonNode.Parse(body.ToArray())!, context.Response);
    }
}
