using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Tests.Workflows;

public sealed class RequestTextTests
{
    [Theory]
    [InlineData("[", "Line 1, column 33")]
    [InlineData("{a: ", "Line 1")]
    [InlineData("- ", "Line 1")]
    public void Read_NestedWithoutEnd_SaysWhere(string opening, string place)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 60_000));
        var mistakes = new List<Mistake>();

        Assert.Null(RequestText.Read(text, mistakes));

        var mistake = Assert.Single(mistakes);
        Assert.Equal("NOT_READABLE", mistake.Code);
        Assert.Contains(place, mistake.Message, StringComparison.Ordinal);
        Assert.Contains("is nested deeper than", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("nested deeper", Assert.Single(OverlayFormat.Mistakes(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &a [*a]")]
    [InlineData("a: &a {b: *a}")]
    [InlineData("&a ? *a\n: 1")]
    [InlineData("{a: 1, a: 2}")]
    public void Read_WhatIsNoTree_IsAMistake(string text)
    {
        var mistakes = new List<Mistake>();

        Assert.Null(RequestText.Read(text, mistakes));

        Assert.Equal("NOT_READABLE", Assert.Single(mistakes).Code);
    }
}
