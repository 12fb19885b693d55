using System.Text;
using MeshWorkflow.YamlText;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Tests.Workflows.YamlText;

/// <summary>YAML that nobody means well with: refused with its place, by the one reader that everything of ours uses.</summary>
public sealed class BoundedYamlTests
{
    private static readonly YamlLimits Small = new(4096, 8, 100);

    [Theory]
    [InlineData("a: [", 2, 1, "a", "did not find expected node content")]
    [InlineData("a:\n  b: 1\n  b: 2", 3, 3, "a.b", "second time")]
    [InlineData("a: [{b: 1}, {c: 1, c: 1}]", 1, 20, "a[1].c", "second time")]
    [InlineData("a: &a [*a]", 1, 8, "a[0]", "what it stands in")]
    [InlineData("a: {b: *no}", 1, 8, "a.b", "nothing above it")]
    [InlineData("a: &x 1\n---\nb: *x", 3, 4, "b", "nothing above it")]
    [InlineData("x: &x {a: 1}\ny: {<<: *x}", 2, 5, "y", "merge keys")]
    [InlineData("a: !!python/object:os.system ls", 1, 4, "a", "tag !!python/object:os.system")]
    [InlineData("a: !mine {}", 1, 4, "a", "tag !mine")]
    [InlineData("a: !!int \"5\"", 1, 4, "a", "tag !!int")]
    [InlineData("{a: 1}: 2", 1, 1, "", "must be a text")]
    [InlineData("a: 1\0b: 2", 1, 5, "", "U+0000")]
    [InlineData("a: 1\nb: \"\u001b[2J\"", 2, 5, "", "U+001B")]
    [InlineData("a: {b: {c: {d: {e: {f: {g: {h: {}}}}}}}}", 1, 32, "a.b.c.d.e.f.g.h", "deeper than 8 levels")]
    public void Load_WhatIsRefused_SaysWhere(string text, long line, long column, string path, string says)
    {
        var refused = Assert.Throws<YamlFormatException>(() => BoundedYaml.Load(text, Small));

        Assert.Equal((line, column, path), (refused.Line, refused.Column, refused.Path));
        Assert.Contains(says, refused.Problem, StringComparison.Ordinal);
        Assert.Contains(refused.Problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HalfACharacter_IsRefused()
    {
        var refused = Assert.Throws<YamlFormatException>(() => BoundedYaml.Load("a:\n  b\ud800", Small));

        Assert.Equal((2, 4), (refused.Line, refused.Column));
        Assert.Contains("half a character", refused.Problem, StringComparison.Ordinal);
        Assert.Throws<YamlFormatException>(() => BoundedYaml.Load("a: \"\\ud800\"", Small));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("!!seq [")]
    [InlineData("&a [")]
    public void Load_NestedWithoutEnd_IsRefused(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 1_000_000 / opening.Length));

        Assert.Throws<YamlFormatException>(() => BoundedYaml.Load(text, YamlLimits.Manifests));
    }

    [Fact]
    public void Load_AliasesThatMultiply_AreCountedAsWhatTheyName()
    {
        var nodes = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        var letters = new StringBuilder($"a0: &a0 {new string('x', 100_000)}\nlist: [");
        var levels = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 70; i++)
        {
            nodes.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
            levels.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        }

        letters.AppendJoin(", ", Enumerable.Repeat("*a0", 10_000)).Append(']');

        Assert.Contains("aliases taken apart", Refused(nodes), StringComparison.Ordinal);
        Assert.Contains("KiB up to here, aliases taken apart", Refused(letters), StringComparison.Ordinal);
        Assert.Contains("deeper than 60", Refused(levels), StringComparison.Ordinal);

        static string Refused(StringBuilder text) =>
            Assert.Throws<YamlFormatException>(() => BoundedYaml.Load(text.ToString(), YamlLimits.Manifests)).Problem;
    }

    [Fact]
    public void Load_TooManyValues_AreRefusedWhereTheyBegin()
    {
        var refused = Assert.Throws<YamlFormatException>(() => BoundedYaml.Load($"a:\n{string.Concat(Enumerable.Repeat("- x\n", 200))}", Small));

        Assert.Equal((99, "a[97]"), (refused.Line, refused.Path));
        Assert.Throws<YamlFormatException>(() => BoundedYaml.Load(new string('#', Small.MaxBytes + 1), Small));
    }

    [Fact]
    public void Load_WhatIsAllowed_IsRead()
    {
        var documents = BoundedYaml.Load("\uFEFFa: &a {n: !!str 5, u: \"é😀\"}\nb: *a\n\"<<\": {}\n---\n- x\n", Small);

        var map = Assert.IsType<YamlMappingNode>(documents[0]);
        var number = Assert.IsType<YamlScalarNode>(map["a"]["n"]);
        Assert.Equal(("5", YamlDotNet.Core.ScalarStyle.DoubleQuoted), (number.Value, number.Style));
        Assert.Same(map["a"], map["b"]);
        Assert.Equal(2, documents.Count);
        Assert.Empty(BoundedYaml.Load("", Small));
    }

    // Whatever is sent, it is read or refused: no other exception, and nothing that is more than was allowed.
    [Fact]
    public void Load_AnythingAtAll_IsReadOrRefused()
    {
        const string Seed = "apiVersion: v1\nkind: &k 'A b'\nspec: {a: [1, \"\\u00e9\\ud83d\", *k], ? x : !!str 2}\nt: |-\n  one\n  two\n--- # c\n- - ~\n- >+\n  t\n";
        const string Letters = "{}[]&*!|>'\"%@`#,?:- \n\t\\u0x<~\ud83d\0é";
        var random = new Random(4711);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(Seed);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at)),
                    1 => text.Insert(at, Letters[random.Next(Letters.Length)].ToString(), random.Next(1, 4)),
                    _ => text.Insert(at, text.ToString(0, random.Next(text.Length))),
                };
            }

            try
            {
                BoundedYaml.Load(text.ToString(), Small);
                read++;
            }
            catch (YamlFormatException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 1000, $"{read} were read and {refused} refused.");
    }

    [Fact]
    public void ReadFile_NoUtf8OrTooMuch_IsRefusedWithItsPlace()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("yaml-").FullName, "a.yaml");
        File.WriteAllBytes(file, [.. "a: 1\nb: \""u8, 0xc3, 0x28, .. "\"\n"u8]);

        var refused = Assert.Throws<YamlFormatException>(() => BoundedYaml.ReadFile(file, Small));

        Assert.Equal((2, 5), (refused.Line, refused.Column));
        Assert.Contains("no UTF-8", refused.Problem, StringComparison.Ordinal);

        File.WriteAllText(file, new string('#', Small.MaxBytes + 1));
        Assert.Contains("larger than 4 KiB", Assert.Throws<YamlFormatException>(() => BoundedYaml.ReadFile(file, Small)).Message, StringComparison.Ordinal);
    }
}
