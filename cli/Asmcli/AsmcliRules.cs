using System.Text.Json;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>asmcli's rules for flags together. All that is wrong is told at once, and nobody is contacted.</summary>
internal static class AsmcliRules
{
    private static readonly AsmcliFlag[] CustomCa = [Flags.CaCert, Flags.CaKey, Flags.RootCert, Flags.CertChain];
    private static readonly AsmcliFlag[] OfManaged = [Flags.Managed, Flags.ManagedCertificates, Flags.FleetApi];
    private static readonly AsmcliFlag[] WithoutEffect = [Flags.Channel, Flags.VpcSc, Flags.ManagedCni, Flags.Legacy, Flags.Mode, Flags.NoUi];

    // Initialising the mesh configuration is none of them: asmcli lets validate do it.
    private static IEnumerable<AsmcliFlag> Changing => Flags.Enables.Select(enable => enable.Flag).Where(flag => flag != Flags.EnableMeshConfig);

    /// <summary>What is wrong with flags.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="purpose">What they are for.</param>
    public static IReadOnlyList<Mistake> Check(FlagValues flags, Purpose purpose)
    {
        var mistakes = flags.Mistakes.ToList();
        foreach (var flag in OfManaged.Where(flags.IsOn))
        {
            mistakes.Add(new Mistake(flag.Long, "MANAGED_NOT_OFFERED", "asks for a managed control plane", "Leave it out; or have Google provision one: gcloud container fleet mesh update --management automatic."));
        }

        if (flags.Has(Flags.CaName))
        {
            mistakes.Add(new Mistake(Flags.CaName.Long, "UNKNOWN_FLAG", "is gone", $"Use {Flags.CaPool.Long}."));
        }

        Word(flags, Flags.Platform, mistakes, "gcp", "multicloud");
        Word(flags, Flags.Channel, mistakes, "regular", "stable", "rapid");
        Word(flags, Flags.Ca, mistakes, "mesh_ca", "gcp_cas", "citadel");
        var cluster = AsmcliCluster.Of(flags, mistakes);
        if (cluster.IsElsewhere && !flags.Has(Flags.Fleet))
        {
            mistakes.Add(Required(Flags.Fleet, "the cluster is in no project of its own"));
        }

        Authority(flags, mistakes);
        Accounts(flags, mistakes);
        Output(flags, mistakes);
        Toggles(flags, purpose, mistakes);
        foreach (var overlay in flags.All(Flags.Overlay).Where(overlay => !File.Exists(overlay)))
        {
            mistakes.Add(new Mistake(Flags.Overlay.Long, "FILE_MISSING", $"'{Echo.Of(overlay)}' is no file", "Check the path."));
        }

        return mistakes;
    }

    /// <summary>
    /// The proxy that a request has. One of the environment that has credentials in it is left out: a request is no place for them, and nobody has
    /// asked for it to be sent.
    /// </summary>
    public static string? ProxyOf(FlagValues flags) => IsPrivateProxy(flags) ? null : flags[Flags.HttpsProxy];

    /// <summary>What flags say that means nothing here.</summary>
    public static IEnumerable<string> NotesOn(FlagValues flags)
    {
        foreach (var flag in WithoutEffect.Where(flags.Has))
        {
            yield return $"{flag.Long} has no effect on an in-cluster control plane.";
        }

        if (flags.Has(Flags.CaPool) && flags[Flags.Ca]?.ToLowerInvariant() != "gcp_cas")
        {
            yield return $"{Flags.CaPool.Long} means something with --ca gcp_cas only.";
        }

        if (flags.All(Flags.Option).Contains(Flags.GoneOption))
        {
            yield return $"{Flags.Option.Long} {Flags.GoneOption} is left out: it is how every control plane is now.";
        }

        if (IsPrivateProxy(flags))
        {
            yield return $"{Flags.HttpsProxy.Environment} has credentials in it and is not sent: set it where the services run.";
        }

        if (flags.Has(Flags.Context) && !flags.Has(Flags.Kubeconfig))
        {
            yield return $"{Flags.Context.Long} means something with {Flags.Kubeconfig.Long} only.";
        }
    }

    private static bool IsPrivateProxy(FlagValues flags) =>
        flags.IsOfEnvironment(Flags.HttpsProxy) && Uri.TryCreate(flags[Flags.HttpsProxy], UriKind.Absolute, out var proxy) && proxy.UserInfo.Length > 0;

    private static void Word(FlagValues flags, AsmcliFlag flag, List<Mistake> mistakes, params string[] words)
    {
        if (flags[flag] is { } value && !words.Contains(flag == Flags.Channel ? value : value.ToLowerInvariant()))
        {
            mistakes.Add(new Mistake(flag.Long, "WRONG_VALUE", $"is '{Echo.Of(value)}'", $"It must be one of: {string.Join(", ", words)}."));
        }
    }

    private static void Authority(FlagValues flags, List<Mistake> mistakes)
    {
        var ca = flags[Flags.Ca]?.ToLowerInvariant() ?? "mesh_ca";
        if (ca == "gcp_cas" && !flags.Has(Flags.CaPool))
        {
            mistakes.Add(Required(Flags.CaPool, "CA Service signs with a pool"));
        }
        else if (ca == "gcp_cas" && !Formats.CaPool().IsMatch(flags[Flags.CaPool] ?? ""))
        {
            mistakes.Add(new Mistake(
                Flags.CaPool.Long,
                "WRONG_FORMAT",
                $"'{Echo.Of(flags[Flags.CaPool] ?? "")}' names no pool",
                "Write projects/PROJECT/locations/REGION/caPools/POOL, if need be with :projects/PROJECT/locations/REGION/certificateTemplates/TEMPLATE."));
        }

        var files = CustomCa.Where(flags.Has).ToList();
        if (ca != "citadel")
        {
            mistakes.AddRange(files.Select(flag => new Mistake(flag.Long, "NOT_TOGETHER", $"does not go with --ca {ca}", "Use --ca citadel, or leave it out.")));
            return;
        }

        foreach (var flag in CustomCa.Except(files))
        {
            mistakes.Add(Required(flag, "Istio CA signs with a key of yours"));
        }

        mistakes.AddRange(files.Select(flag => FlagFiles.Check(flag, flags[flag] ?? "")).OfType<Mistake>());
    }

    private static void Accounts(FlagValues flags, List<Mistake> mistakes)
    {
        if (flags.Has(Flags.ServiceAccount) != flags.Has(Flags.KeyFile))
        {
            var (given, missing) = flags.Has(Flags.KeyFile) ? (Flags.KeyFile, Flags.ServiceAccount) : (Flags.ServiceAccount, Flags.KeyFile);
            mistakes.Add(Required(missing, $"{given.Long} goes with it"));
        }

        if (flags[Flags.KeyFile] is { } file && FlagFiles.Check(Flags.KeyFile, file) is { } mistake)
        {
            mistakes.Add(mistake);
        }
        else if (flags[Flags.KeyFile] is { } key && flags[Flags.ServiceAccount] is { } account && AccountOf(key) != account)
        {
            mistakes.Add(new Mistake(Flags.KeyFile.Long, "WRONG_FORMAT", $"'{Echo.Of(key)}' is no key of '{Echo.Of(account)}'", "Name the JSON file that was made for that account."));
        }
    }

    private static string? AccountOf(string key)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(key));
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("client_email", out var email)
                ? email.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Output(FlagValues flags, List<Mistake> mistakes)
    {
        var folder = flags[Flags.OutputDir];
        if (folder is null && flags.IsOn(Flags.Offline))
        {
            mistakes.Add(Required(Flags.OutputDir, "with --offline the package is there"));
        }
        else if (folder is not null && File.Exists(folder))
        {
            mistakes.Add(new Mistake(Flags.OutputDir.Long, "WRONG_FORMAT", $"'{Echo.Of(folder)}' is no folder", "Name a folder, or one that is to be made."));
        }
        else if (folder is not null && flags.IsOn(Flags.Offline) && !Directory.Exists(folder))
        {
            mistakes.Add(new Mistake(Flags.OutputDir.Long, "FILE_MISSING", $"'{Echo.Of(folder)}' is no folder", "Name the folder that 'meshwf package build' has made."));
        }
    }

    private static void Toggles(FlagValues flags, Purpose purpose, List<Mistake> mistakes)
    {
        if (purpose is Purpose.Validate || flags.IsOn(Flags.OnlyValidate))
        {
            mistakes.AddRange(Changing.Where(flags.IsOn).Select(flag =>
                new Mistake(flag.Long, "NOT_TOGETHER", "does not go with a validation, which changes nothing", "Leave it out.")));
        }

        if (flags.IsOn(Flags.OnlyEnable) && !Changing.Any(flags.IsOn))
        {
            mistakes.Add(new Mistake(Flags.OnlyEnable.Long, "REQUIRED", "has nothing to do", "Say with a flag --enable_… what may be done."));
        }
    }

    private static Mistake Required(AsmcliFlag flag, string because) =>
        new(flag.Long, "REQUIRED", $"is required: {because}", "Give it a value.");
}

/// <summary>What flags are for.</summary>
internal enum Purpose
{
    Install,
    Validate,
    PrintConfig,
    Plan,
}
