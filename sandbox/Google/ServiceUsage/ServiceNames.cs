namespace MeshWorkflow.Sandbox.Google.ServiceUsage;

/// <summary>The two names of an API: <c>gkehub</c> and <c>gkehub.googleapis.com</c>.</summary>
internal static class ServiceNames
{
    private const string Suffix = ".googleapis.com";

    public static string Long(string api) => api + Suffix;

    /// <summary>
    /// The long name of an API that may be called by its host: gcloud takes CA Service's from the address that it was given for it, here
    /// <c>privateca.localhost</c>, or the sandbox's own.
    /// </summary>
    public static string OfHost(string name) => name switch
    {
        "127.0.0.1" => Long("privateca"),
        _ when name.EndsWith(".localhost", StringComparison.Ordinal) => Long(name.Split('.')[0]),
        _ => name,
    };

    /// <summary>The short name.</summary>
    /// <exception cref="GoogleFailure">There is no such API, or it is not for the caller: that is not told apart.</exception>
    public static string Read(string name)
    {
        var api = name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : "";
        return ServiceTitles.Exists(api)
            ? api
            : throw new GoogleFailure(GoogleErrors.Of(
                "PERMISSION_DENIED",
                $"Not found or permission denied for service(s): {name}.",
                GoogleErrors.PreconditionFailure("googleapis.com", $"?error_code=220002&services={name}"),
                GoogleErrors.ErrorInfo("SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED", "serviceusage.googleapis.com", new() { ["services"] = name })));
    }
}
