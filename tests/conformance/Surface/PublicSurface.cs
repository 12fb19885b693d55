using System.Reflection;

namespace MeshWorkflow.Tests.Conformance.Surface;

/// <summary>The public surface of an assembly, one signature a line: what a program can be compiled against.</summary>
internal sealed class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly NullabilityInfoContext _nullability = new();

    public static IReadOnlyList<string> Of(params IEnumerable<Assembly> assemblies)
    {
        var surface = new PublicSurface();
        return [.. assemblies.Distinct().SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(surface.LinesOf).Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> LinesOf(Type type)
    {
        var name = Name(type);
        yield return $"{name} : {Kind(type)} {Base(type)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
            {
                yield return $"{name}.{value} = {Convert.ToInt32(Enum.Parse(type, value), null)}";
            }

            yield break;
        }

        foreach (var contract in type.GetInterfaces().Where(contract => contract.Namespace!.StartsWith("Dapr", StringComparison.Ordinal)))
        {
            yield return $"{name} : {Name(contract)}";
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            yield return $"{name}.{Modifiers(constructor)}new({Parameters(constructor)})";
        }

        foreach (var method in type.GetMethods(Declared).Where(IsVisible).Where(method => !method.Name.Contains('<', StringComparison.Ordinal)))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraints))}>" : "";
            yield return $"{name}.{Modifiers(method)}{Name(_nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)})";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Base(Type type) => type.BaseType is { } parent && parent != typeof(object) ? Name(parent) : "";

    private static string Modifiers(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
        + (method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static string Constraints(Type parameter) =>
        $"{parameter.Name}:{parameter.GenericParameterAttributes}{string.Concat(parameter.GetGenericParameterConstraints().Select(Name))}";

    private string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(_nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static string Name(NullabilityInfo info)
    {
        var name = info.Type switch
        {
            { IsByRef: true } => Name(info.Type),
            { IsArray: true } => $"{Name(info.ElementType!)}[]",
            { IsGenericType: true } when Nullable.GetUnderlyingType(info.Type) is null =>
                $"{Simple(info.Type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>",
            _ => Name(info.Type),
        };
        return info is { ReadState: NullabilityState.Nullable, Type.IsValueType: false } ? name + "?" : name;
    }

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => Name(type.GetElementType()!),
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericParameter: true } => type.Name,
        { IsGenericType: true } => $"{Simple(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => Simple(type),
    };

    private static string Simple(Type type) =>
        (type.IsNested ? Simple(type.DeclaringType!) + "." : type.Namespace + ".") + type.Name.Split('`')[0];
}
