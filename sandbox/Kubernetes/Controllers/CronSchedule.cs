using System.Globalization;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>When something is to be done again and again, as cron writes it.</summary>
internal sealed class CronSchedule
{
    private static readonly (string Name, int First, int Last, string[] Names)[] Fields =
    [
        ("minute", 0, 59, []), ("hour", 0, 23, []), ("day of month", 1, 31, []),
        ("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    // No day of the year comes back later: the 29th of February on a given weekday takes 40 years at most.
    private const int MostYears = 41;
    private readonly bool[][] _allowed;
    private readonly bool _anyDay;
    private readonly bool _anyWeekday;

    private CronSchedule(bool[][] allowed, bool anyDay, bool anyWeekday) => (_allowed, _anyDay, _anyWeekday) = (allowed, anyDay, anyWeekday);

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">Five fields, or a name such as <c>@hourly</c>.</param>
    /// <param name="wrong">What is wrong with it.</param>
    /// <returns>The schedule; null: it is none.</returns>
    public static CronSchedule? Parse(string text, out string wrong)
    {
        wrong = "";
        var fields = Known(text).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length)
        {
            wrong = text.StartsWith('@')
                ? $"unrecognized descriptor: {text}"
                : string.Create(CultureInfo.InvariantCulture, $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
            return null;
        }

        var allowed = new bool[Fields.Length][];
        for (var i = 0; i < Fields.Length; i++)
        {
            allowed[i] = new bool[Fields[i].Last + 1];
            foreach (var part in fields[i].Split(','))
            {
                if (!Allow(allowed[i], part, i))
                {
                    wrong = $"failed to parse {Fields[i].Name} \"{part}\"";
                    return null;
                }
            }
        }

        return new CronSchedule(allowed, fields[2][0] is '*' or '?', fields[4][0] is '*' or '?');
    }

    /// <summary>The first time after another; null: there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var time = new DateTimeOffset(after.Year, after.Month, after.Day, after.Hour, after.Minute, 0, after.Offset).AddMinutes(1);
        var end = time.AddYears(MostYears);
        while (time < end)
        {
            if (!_allowed[3][time.Month])
            {
                time = new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, time.Offset).AddMonths(1);
            }
            else if (!IsDay(time))
            {
                time = new DateTimeOffset(time.Year, time.Month, time.Day, 0, 0, 0, time.Offset).AddDays(1);
            }
            else if (!_allowed[1][time.Hour])
            {
                time = time.AddMinutes(60 - time.Minute);
            }
            else if (!_allowed[0][time.Minute])
            {
                time = time.AddMinutes(1);
            }
            else
            {
                return time;
            }
        }

        return null;
    }

    // Where both days are given, either does.
    private bool IsDay(DateTimeOffset time)
    {
        var (day, weekday) = (_allowed[2][time.Day], _allowed[4][(int)time.DayOfWeek]);
        return _anyDay || _anyWeekday ? day && weekday : day || weekday;
    }

    private static string Known(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };

    // A part is *, a number, or a range, each with a step.
    private static bool Allow(bool[] allowed, string part, int field)
    {
        var pieces = part.Split('/');
        var step = 1;
        if (pieces.Length > 2 || (pieces.Length == 2 && (!int.TryParse(pieces[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step == 0)))
        {
            return false;
        }

        var (first, last) = (Fields[field].First, Fields[field].Last);
        if (pieces[0] is not ("*" or "?"))
        {
            var ends = pieces[0].Split('-');
            if (ends.Length > 2 || Number(ends[0], field) is not { } from || Number(ends[^1], field) is not { } to)
            {
                return false;
            }

            (first, last) = (from, ends.Length == 1 && pieces.Length == 2 ? last : to);
        }

        if (first > last)
        {
            return false;
        }

        for (var value = first; value <= last; value += step)
        {
            allowed[value] = true;
        }

        return true;
    }

    private static int? Number(string text, int field)
    {
        var named = Array.IndexOf(Fields[field].Names, text.ToLowerInvariant());
        var number = named >= 0 ? named + Fields[field].First : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
        return number >= Fields[field].First && number <= Fields[field].Last ? number : null;
    }
}
