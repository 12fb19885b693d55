using System.Text.Json;
using Dapr.Common.Serialization;
using Dapr.Workflow;
using Dapr.Workflow.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Tests.Worker.Registration;

/// <summary>Sections C5 and C6 of the contract: what is registered, under which names, and how payloads become text.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Workflow_WithoutAName_IsNamedAfterItsClass()
    {
        using var services = Services(options => options.RegisterWorkflow<Greeting>());
        var factory = services.GetRequiredService<IWorkflowsFactory>();
        Assert.True(factory.TryCreateWorkflow("greeting", services, out var workflow, out _));
        Assert.IsType<Greeting>(workflow);
        Assert.Equal((typeof(string), typeof(int)), (workflow.InputType, workflow.OutputType));
        Assert.False(factory.TryCreateWorkflow("other", services, out _, out var activation));
        Assert.Null(activation);
    }

    [Fact]
    public void Workflow_ThatCannotBeMade_SaysWhy()
    {
        using var services = Services(options => options.RegisterWorkflow<Needy>());
        Assert.False(services.GetRequiredService<IWorkflowsFactory>().TryCreateWorkflow("Needy", services, out _, out var activation));
        Assert.Contains(nameof(Greeting), activation!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddDaprWorkflow_Twice_KeepsTheFirst()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDaprWorkflow(options => options.RegisterWorkflow<Greeting>("first"));
        services.AddDaprWorkflow(options => options.RegisterWorkflow<Greeting>("second"));
        using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IWorkflowsFactory>();
        Assert.True(factory.TryCreateWorkflow("first", provider, out _, out _));
        Assert.False(factory.TryCreateWorkflow("second", provider, out _, out _));
        Assert.Null(provider.GetService<IDaprWorkflowClient>());
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public void Client_OfALifetime_HasIt(ServiceLifetime lifetime)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDaprWorkflow(_ => { }, lifetime);
        Assert.Equal(lifetime, services.Single(service => service.ServiceType == typeof(DaprWorkflowClient)).Lifetime);
    }

    [Fact]
    public void AutoRegistry_WithARegistration_AppliesToLaterWorkers()
    {
        WorkflowAutoRegistry.Register(options => options.RegisterWorkflow<Greeting>("generated"));
        using var services = Services(_ => { });
        Assert.True(services.GetRequiredService<IWorkflowsFactory>().TryCreateWorkflow("generated", services, out _, out _));
    }

    [Fact]
    public void Serializer_ByDefault_WritesWebJson()
    {
        using var services = Services(_ => { });
        Assert.Equal("{\"someName\":1}", services.GetRequiredService<IDaprSerializer>().Serialize<object>(new { SomeName = 1 }));
    }

    [Fact]
    public void Serializer_Given_IsUsed()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDaprWorkflowBuilder(_ => { }).WithJsonSerializer(new JsonSerializerOptions { PropertyNamingPolicy = null });
        using var provider = services.BuildServiceProvider();
        Assert.Equal("{\"SomeName\":1}", provider.GetRequiredService<IDaprSerializer>().Serialize<object>(new { SomeName = 1 }));
    }

    [Fact]
    public void MessageSizes_Given_AreKept()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDaprWorkflowBuilder(_ => { }).WithGrpcMessageSizeLimits(1000, 2000);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<WorkflowRuntimeOptions>().GrpcChannelOptions;
        Assert.Equal((1000, 2000), (options!.MaxReceiveMessageSize, options.MaxSendMessageSize));
    }

    [Theory]
    [InlineData(0, 1, 1.0, null, null)]
    [InlineData(1, 0, 1.0, null, null)]
    [InlineData(1, 1, 0.9, null, null)]
    [InlineData(1, 2, 1.0, 1, null)]
    [InlineData(1, 2, 1.0, null, 1)]
    [InlineData(1, 3601, 1.0, null, null)]
    public void RetryPolicy_OutOfRange_IsRefused(int attempts, int first, double coefficient, int? longest, int? timeout) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(
            attempts,
            TimeSpan.FromSeconds(first),
            coefficient,
            longest is { } max ? TimeSpan.FromSeconds(max) : null,
            timeout is { } all ? TimeSpan.FromSeconds(all) : null));

    private static ServiceProvider Services(Action<WorkflowRuntimeOptions> configure)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDaprWorkflow(configure);
        return services.BuildServiceProvider();
    }

    /// <summary>A workflow.</summary>
    public sealed class Greeting : Workflow<string, int>
    {
        public override Task<int> RunAsync(WorkflowContext context, string input) => Task.FromResult(input.Length);
    }

    /// <summary>A workflow that asks for something that is not registered.</summary>
    public sealed class Needy(Greeting other) : Workflow<string, int>
    {
        public override Task<int> RunAsync(WorkflowContext context, string input) => other.RunAsync(context, input);
    }
}
