using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Tests.Services.Objects;

/// <summary>Whether a namespace of ours may go.</summary>
public sealed class NamespaceContentsTests
{
    private static readonly NamespaceContent Account = new("serviceaccounts/default", IsOwned: false);
    private static readonly NamespaceContent Pod = new("pods/gateway-1", IsOwned: true);

    [Fact]
    public void Foreign_OnlyWhatComesByItself_IsNone() => Assert.Empty(ForeignOf(Account));

    [Fact]
    public void Foreign_OnlyWhatHasOwners_IsWaitedFor()
    {
        var wait = Assert.Throws<WaitException>(() => ForeignOf(Account, Pod));
        Assert.Contains("pods/gateway-1", wait.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_SomebodysAmongOwned_IsNamedAlone() =>
        Assert.Equal(["configmaps/theirs"], ForeignOf(Account, Pod, new NamespaceContent("configmaps/theirs", IsOwned: false)));

    private static IReadOnlyList<string> ForeignOf(params NamespaceContent[] contents) =>
        ObjectContents.Foreign(contents, "istio-ingress", name => name == Account.Name);
}
