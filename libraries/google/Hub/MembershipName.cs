namespace MeshWorkflow.GoogleCloud.Hub;

/// <summary>The name of a fleet membership.</summary>
/// <param name="Fleet">The fleet's project.</param>
/// <param name="Location">Its region, or <c>global</c>.</param>
/// <param name="Id">Its short name.</param>
public readonly record struct MembershipName(string Fleet, string Location, string Id)
{
    /// <summary><c>projects/F/locations/L/memberships/M</c>.</summary>
    public string RelativeName => $"projects/{Fleet}/locations/{Location}/memberships/{Id}";

    /// <summary>The full resource name.</summary>
    public string ResourceName => $"//gkehub.googleapis.com/{RelativeName}";

    /// <summary>Reads <c>projects/F/locations/L/memberships/M</c>, with or without the API's name in front.</summary>
    /// <param name="name">The text.</param>
    /// <returns>The name, or <see langword="null"/>: the text is none.</returns>
    public static MembershipName? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string Prefix = "//gkehub.googleapis.com/";
        var relative = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return relative.Split('/') is ["projects", var fleet, "locations", var location, "memberships", var id]
            ? new MembershipName(fleet, location, id)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => RelativeName;
}
