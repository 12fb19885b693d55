using System.CommandLine;
using System.Text.RegularExpressions;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.MeshCertificates;
using MeshWorkflow.NamedFiles;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Makes the certificates of Istio's own authority, on a machine that may well be offline. Contacts nobody.</summary>
internal static partial class CertsCommand
{
    private const string Overwrites = "Overwrite files that are there. What was signed with an old root is not trusted by the new one.";

    public static Command Make(IAnsiConsole console, IAnsiConsole errors) =>
        new("certs", "Makes a mesh's root and its clusters' intermediates. Works offline.")
        {
            Root(console, errors),
            Intermediate(console, errors),
        };

    private static Command Root(IAnsiConsole console, IAnsiConsole errors)
    {
        var common = new CommonOptions(AuthoritySubject.DefaultRoot);
        var key = new Option<string>("--key") { Description = "The kind of key: rsa (4096 bits) or ecdsa (P-256).", DefaultValueFactory = _ => "rsa" };
        key.AcceptOnlyFromAmong("rsa", "ecdsa");
        var command = new Command(
            "root",
            $"Makes a mesh's root: {CertificateFiles.Root}, {CertificateFiles.RootKey}, {CertificateFiles.RootConfiguration}, {CertificateFiles.RootRequest}.")
        {
            key,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var subject = new AuthoritySubject(parsed.GetValue(common.Organization) ?? "", parsed.GetValue(common.Name) ?? "");
            var kind = parsed.GetValue(key) == "ecdsa" ? KeyKind.Ecdsa : KeyKind.Rsa;
            using var root = RootAuthority.Make(subject, kind, parsed.GetValue(common.Days), TimeProvider.System.GetUtcNow());
            return Write(console, errors, parsed.GetValue(common.Overwrite), Path.GetFullPath(parsed.GetValue(common.Folder) ?? "."),
            [
                (CertificateFiles.RootKey, root.KeyPem()),
                (CertificateFiles.RootConfiguration, OpensslConfiguration.OfRoot(subject)),
                (CertificateFiles.RootRequest, root.RequestPem()),
                (CertificateFiles.Root, root.CertificatePem()),
            ]);
        });
        return command;
    }

    private static Command Intermediate(IAnsiConsole console, IAnsiConsole errors)
    {
        var names = new Argument<string[]>("NAME") { Description = "The clusters' names: each gets a folder.", Arity = ArgumentArity.OneOrMore };
        names.Validators.Add(result =>
        {
            foreach (var wrong in result.Tokens.Select(token => token.Value).Where(name => !FolderName().IsMatch(name)))
            {
                result.AddError($"'{wrong}' can't name a cluster's folder. Use 1 to 63 letters, digits, dots, underscores and hyphens; begin with a letter or digit.");
            }
        });
        var common = new CommonOptions(AuthoritySubject.DefaultIntermediate);
        var root = new Option<string?>("--root") { Description = $"The folder of {CertificateFiles.Root} and {CertificateFiles.RootKey}. Default: that of --folder." };
        var san = new Option<string[]>("--san") { Description = $"A DNS name of istiod; can be repeated. Default: {RootAuthority.DefaultName}." };
        var command = new Command(
            "intermediate",
            $"Makes an intermediate for each cluster: {string.Join(", ", CertificateFiles.OfCluster)}, in a folder of its name.")
        {
            names, root, san,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(common.Folder) ?? ".");
            var from = Path.GetFullPath(parsed.GetValue(root) ?? folder);
            string[] hosts = parsed.GetValue(san) is { Length: > 0 } given ? given : [RootAuthority.DefaultName];
            try
            {
                using var authority = RootAuthority.Read(
                    Text(Path.Combine(from, CertificateFiles.Root)), Text(Path.Combine(from, CertificateFiles.RootKey)));
                return Issue(authority, parsed.GetValue(names) ?? [], hosts);
            }
            catch (FileNotFoundException missing)
            {
                errors.MarkupLineInterpolated($"[red]{missing.FileName} is missing.[/] Make a root first (meshwf certs root), or say where it is with --root.");
                return ExitCodes.Mistakes;
            }
            catch (NotRegularFileException wrong)
            {
                errors.MarkupLineInterpolated($"[red]{wrong.Message}[/] {NotRegularFileException.Remedy} [grey](FILE_NOT_REGULAR)[/]");
                return ExitCodes.Mistakes;
            }
            catch (CertificateException wrong)
            {
                errors.MarkupLineInterpolated($"[red]{wrong.Message}[/] [grey]({wrong.Reason})[/]");
                return ExitCodes.Mistakes;
            }

            static string Text(string file)
            {
                using var content = new StreamReader(RegularFile.OpenRead(file));
                return content.ReadToEnd();
            }

            int Issue(RootAuthority authority, string[] clusters, string[] hosts)
            {
                var now = TimeProvider.System.GetUtcNow();
                if (SigningChecks.OfRoot(authority, now, TimeSpan.Zero) is { Count: > 0 } findings)
                {
                    throw new CertificateException(findings[0].Code, string.Join(" ", findings.Select(finding => finding.Message)));
                }

                return Write(console, errors, parsed.GetValue(common.Overwrite), folder,
                [
                    .. clusters.Distinct(StringComparer.Ordinal).SelectMany(cluster =>
                    {
                        var subject = new AuthoritySubject(parsed.GetValue(common.Organization) ?? "", parsed.GetValue(common.Name) ?? "", cluster);
                        return authority.Issue(subject, hosts, parsed.GetValue(common.Days), now).ByName
                            .Select(file => (Path.Combine(cluster, file.Key), file.Value));
                    }),
                ]);
            }
        });
        return command;
    }

    private static int Write(
        IAnsiConsole console, IAnsiConsole errors, bool overwrites, string folder, IReadOnlyList<(string Name, string Content)> files)
    {
        var there = overwrites ? [] : files.Select(file => Path.Combine(folder, file.Name)).Where(File.Exists).ToList();
        if (there.Count > 0)
        {
            errors.MarkupLineInterpolated($"[red]There already: {string.Join(", ", there)}.[/] Nothing was written. Use another --folder, or --overwrite.");
            return ExitCodes.Mistakes;
        }

        foreach (var (name, content) in files)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            WriteFile(path, content, overwrites);
            console.WriteLine(path);
        }

        return ExitCodes.Succeeded;
    }

    private static void WriteFile(string path, string content, bool overwrites)
    {
        var isKey = path.EndsWith("-key.pem", StringComparison.Ordinal);
        if (overwrites)
        {
            // Made anew: an old file would keep its own rights.
            File.Delete(path);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                | (isKey ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }

    [GeneratedRegex("^[A-Za-z0-9][-A-Za-z0-9._]{0,62}\\z")]
    private static partial Regex FolderName();

    /// <summary>What both commands take.</summary>
    private sealed class CommonOptions(string name)
    {
        public Option<string?> Folder { get; } = new("--folder") { Description = "Where the files go. Default: here." };

        public Option<string> Organization { get; } = new("--organization")
        {
            Description = "The organisation in the subject.",
            DefaultValueFactory = _ => AuthoritySubject.DefaultOrganization,
        };

        public Option<string> Name { get; } = new("--common-name") { Description = "The name in the subject.", DefaultValueFactory = _ => name };

        public Option<int> Days { get; } = new("--days")
        {
            Description = "How many days it is valid; an intermediate as long as its root at most.",
            DefaultValueFactory = _ => RootAuthority.DefaultDays,
        };

        public Option<bool> Overwrite { get; } = new("--overwrite") { Description = Overwrites };

        public void AddTo(Command command)
        {
            Days.Validators.Add(result =>
            {
                if (result.Tokens is [var days] && !(int.TryParse(days.Value, out var number) && number is >= 1 and <= 36_500))
                {
                    result.AddError($"--days: '{days.Value}' is no number from 1 to 36500.");
                }
            });
            foreach (var option in (Option[])[Folder, Organization, Name, Days, Overwrite])
            {
                command.Add(option);
            }
        }
    }
}
