using Google.Apis.Services;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>One API on the official core: its address, its credentials, its serialiser.</summary>
internal sealed class ApiService(string name, Uri address, BaseClientService.Initializer initializer) : BaseClientService(initializer)
{
    public override string Name => name;

    public override string BaseUri => address.ToString();

    public override string BasePath => address.AbsolutePath;

    public override IList<string> Features => [];
}
