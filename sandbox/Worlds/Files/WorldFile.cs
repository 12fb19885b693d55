using YamlDotNet.Core;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>Reads worlds from YAML. The format is described in <c>docs/sandbox.md</c>.</summary>
public static class WorldFile
{
    /// <summary>Reads a world from a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The world.</returns>
    /// <exception cref="WorldFileException">The file describes none; every mistake is told.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static World Read(string file)
    {
        using var text = File.OpenText(file);
        return Read(text, file);
    }

    /// <summary>Reads a world.</summary>
    /// <param name="text">Its description.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The world.</returns>
    /// <exception cref="WorldFileException">The text describes none; every mistake is told.</exception>
    public static World Read(TextReader text, string name)
    {
        YamlTree tree;
        try
        {
            tree = new YamlTree(text);
        }
        catch (YamlException exception)
        {
            throw new WorldFileException(name, [$"line {exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}"]);
        }

        var problems = new List<string>();
        var reader = new FieldReader(tree.Root, "", tree, problems);
        var world = new World
        {
            ServiceAccount = reader.Text("serviceAccount"),
            Projects = reader.Each("projects", ProjectFields.Read),
            Perimeters = reader.Each("perimeters", perimeter => new WorldPerimeter(perimeter.Text("name"), perimeter.Texts("projects"), perimeter.Texts("services"))
            {
                Access = perimeter.Texts("access"),
            }),
            Clusters = reader.Each("clusters", ClusterFields.Read),
        };
        reader.Close();
        WorldChecks.Check(world, reader);
        return problems.Count == 0 ? world : throw new WorldFileException(name, problems);
    }
}
