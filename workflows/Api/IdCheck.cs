using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Refuses what can't be the id of a rollout: it would become part of keys.</summary>
internal sealed class IdCheck : IEndpointFilter
{
    private const string Field = "id";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetRouteValue(Field) is string id && !Formats.DnsLabel().IsMatch(id)
            ? Problems.Invalid(new Mistake(
                Field, "WRONG_FORMAT", $"'{VisibleText.Of(id, 100)}' is no rollout's id", "Use a name or an id that GET /v1/rollouts lists."))
            : await next(context);
}
