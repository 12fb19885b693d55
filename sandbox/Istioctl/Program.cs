using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Istioctl;

const string Version = "1.23.3-asm.2";
const string Kind = "sandbox stand-in: renders a reduced control plane, and sets revision tags";

try
{
    switch (args)
    {
        case ["version", ..] when args.Contains("-o") || args.Contains("--output"):
            Console.WriteLine(new JsonObject
            {
                ["clientVersion"] = new JsonObject { ["version"] = Version, ["revision"] = "sandbox", ["status"] = Kind },
            }.ToJsonString());
            return 0;
        case ["version", ..]:
            Console.WriteLine($"client version: {Version} ({Kind})");
            return 0;
        case ["manifest", "generate", .. var rest]:
            Console.Write(ControlPlane.Render(Arguments.Read(rest)));
            return 0;
        case ["tag", .. var rest]:
            Tags.Run(rest);
            return 0;
        default:
            Console.Error.WriteLine($"Error: unknown command \"{string.Join(' ', args)}\" for \"istioctl\" ({Kind})");
            return 64;
    }
}
catch (Exception exception) when (exception is FormatException or IOException or InvalidOperationException or HttpRequestException or YamlDotNet.Core.YamlException)
{
    Console.Error.WriteLine($"Error: {exception.Message}");
    return 1;
}
