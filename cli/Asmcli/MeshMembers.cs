using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>The clusters of <c>create-mesh</c>: the fleet, then each as P/L/C or as a kubeconfig.</summary>
internal sealed class MeshMembers
{
    private static readonly AsmcliFlag[] Known = [Flags.OutputDir, Flags.Verbose, Flags.Offline, Flags.IgnoreMismatch];
    private readonly List<Mistake> _mistakes = [];
    private readonly List<MeshMember> _members = [];

    private MeshMembers()
    {
    }

    public IReadOnlyList<Mistake> Mistakes => _mistakes;

    public IReadOnlyList<MeshMember> Members => _members;

    /// <summary>In which cluster which other one's secret is.</summary>
    public IEnumerable<(MeshMember At, MeshMember Of)> Pairs =>
        _members.SelectMany(at => _members.Where(of => of != at).Select(of => (at, of)));

    public static MeshMembers Of(IReadOnlyList<string> tokens)
    {
        var words = new List<string>();
        var flags = FlagValues.Read(tokens, _ => null, Known, words);
        var mesh = new MeshMembers();
        mesh._mistakes.AddRange(flags.Mistakes);
        if (words.Count < 2)
        {
            mesh._mistakes.Add(new Mistake("", "REQUIRED", "The fleet's project and a cluster at least are required.", "Write: create-mesh FLEET_ID PROJECT/LOCATION/CLUSTER …"));
        }

        if (words.Count > 0 && !Formats.ProjectId().IsMatch(words[0]))
        {
            mesh._mistakes.Add(new Mistake("FLEET_ID", "WRONG_FORMAT", $"'{Echo.Of(words[0])}' is no project id", "Use the fleet's project's id."));
        }

        foreach (var word in words.Skip(1))
        {
            mesh.Add(word);
        }

        return mesh;
    }

    private void Add(string word)
    {
        var member = File.Exists(word) ? OfKubeconfig(word) : OfName(word);
        if (member is not null && _members.Contains(member))
        {
            _mistakes.Add(new Mistake(word, "DUPLICATE", "is there twice", "Name each cluster once."));
        }
        else if (member is not null)
        {
            _members.Add(member);
        }
    }

    private MeshMember? OfName(string word)
    {
        if (word.Split('/') is [var project, var location, var name]
            && Formats.ProjectId().IsMatch(project) && Formats.Location().IsMatch(location) && Formats.ClusterName().IsMatch(name))
        {
            return new MeshMember(word, SecretOf($"cn-{project}-{location}-{name}"));
        }

        _mistakes.Add(new Mistake(word, "WRONG_FORMAT", "is no cluster and no file", "Write PROJECT/LOCATION/CLUSTER, or the path of a kubeconfig."));
        return null;
    }

    private MeshMember? OfKubeconfig(string file)
    {
        var contexts = Kubeconfigs.Read(file, out var why);
        if (contexts is null)
        {
            _mistakes.Add(new Mistake(file, "WRONG_FORMAT", $"is no kubeconfig: {why}", "Name the file that kubectl uses."));
            return null;
        }

        if (contexts is not { Current: { } current } || !contexts.Clusters.TryGetValue(current, out var cluster))
        {
            _mistakes.Add(new Mistake(file, "WRONG_FORMAT", "has no current context", "Set one: kubectl config use-context."));
            return null;
        }

        // The control plane calls itself so; the secret must, too.
        return cluster.Split('_') is ["gke", var project, var location, var name]
            ? new MeshMember($"{project}/{location}/{name}", SecretOf($"cn-{project}-{location}-{name}"))
            : new MeshMember(current, SecretOf(current));
    }

    private static string SecretOf(string cluster)
    {
        var name = string.Concat(cluster.Select(letter => letter is '_' or '.' or '@' or ':' ? '-' : letter));
        return name.Length <= 63 ? name : $"{name[..42]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n")))[..20]}";
    }
}

/// <summary>A cluster of a mesh.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="SecretName">What its remote secret is called by.</param>
internal sealed record MeshMember(string Name, string SecretName);
