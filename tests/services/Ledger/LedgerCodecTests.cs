using System.Text;
using Google.Protobuf;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Ledger;

public sealed class LedgerCodecTests
{
    private static readonly LedgerCodec Codec = new(StepsReflection.Descriptor);

    [Fact]
    public void Write_LongEntry_IsGzippedAndReadBack()
    {
        var entry = Entry(changes: 65);

        var written = Codec.Write(entry);

        Assert.Equal([0x1F, 0x8B], written[..2]);
        Assert.InRange(written.Length, 1, JsonFormatter.Default.Format(entry).Length / 5);
        Assert.Equal(entry, Codec.Read(written));
    }

    [Fact]
    public void Write_ShortEntry_StaysJson()
    {
        var entry = Entry(changes: 1);

        var written = Codec.Write(entry);

        Assert.Equal((byte)'{', written[0]);
        Assert.Equal(entry, Codec.Read(written));
    }

    [Fact]
    public void Read_LongEntryAsJson_IsRead()
    {
        var entry = Entry(changes: 65);

        Assert.Equal(entry, Codec.Read(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(entry))));
    }

    private static LedgerEntry Entry(int changes) => new()
    {
        Call = new Call { Rollout = "prod", Generation = 1, Scope = "cluster/p/l/c", Step = "control-plane", Attempt = 1 },
        Plan = new Plan
        {
            Changes =
            {
                Enumerable.Range(0, changes).Select(number => new Change
                {
                    Resource = $"//container.googleapis.com/projects/p/locations/l/clusters/c/k8s/configmaps/{number}",
                    Action = ChangeAction.Create,
                    Undo = Undo.Exact,
                }),
            },
        },
    };
}
