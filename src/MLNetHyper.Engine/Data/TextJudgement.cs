namespace MLNetHyper.Engine;

/// <summary>What a text column is: categories, dates, or numbers that some cells have spoilt. The one place that judges, for features and labels alike.</summary>
/// <remarks>
/// From nine cells in ten on, the rest are mistakes, and no mistake shall turn a quantity into categories unasked: the column is refused and the cell named.
/// So it is at any share where all the others are words for a missing value, or are one word among numbers of more than ten values.
/// Between half and nine tenths ("S", "M", "38", "40") both are plausible: it becomes categories, with a warning. Fewer numbers are names among names.
/// A number with a unit counts only where nearly all cells have the same and at least three values, or two with a space before the unit: "1Story", "2nd" and "4wd" are names.
/// </remarks>
sealed class TextJudgement
{
    private const double Nearly = 0.9;
    private const double Mostly = 0.5;
    private const int ManyValues = 10;

    // Names recur seldom or not at all, categories in several rows each.
    private const int Recurring = 2;

    // Streets and products have two or three.
    private const int WordsOfSentences = 5;

    private static readonly HashSet<string> _placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "-", "--", "---", "–", "—", ".", "..", "...", "*", "n.a.", "n.a", "n. a.", "n/d", "n.d.", "nd", "missing", "unknown", "undefined", "not available", "not applicable",
        "nil", "void", "empty", "blank", "(null)", "(none)", "(blank)", "\\N", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!", "-NA-", "<null>", "<none>", "na.", "tbd", "k.A.",
    };

    private readonly Table _table;
    private readonly Group _plain = new(), _others = new(), _dates = new();
    private readonly Dictionary<string, Group> _forms = new(StringComparer.Ordinal);
    private readonly bool _onlyPlaceholders = true;
    private readonly NumberForm.Comma _commas;
    private readonly NumberForm? _form;
    private readonly int _present;

    private TextJudgement(Table table, TableColumn column)
    {
        _table = table;
        Dictionary<string, Group> distinct = new(StringComparer.Ordinal);
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Texts[row] is not string text || Cell.IsMissing(text))
                continue;
            if (!distinct.TryGetValue(text, out Group? group))
                distinct.Add(text, group = new Group());
            group.Add(1, 0, row, text);
        }
        foreach ((string text, Group group) in distinct)
        {
            // Whether None is a category, only its company tells.
            if (Cell.IsNone(text) && distinct.Keys.Any(other => Cell.TryNumber(other, out _)))
                continue;
            _present += group.Cells;
            if (DateForm.Matches(text))
                _dates.Add(group);
            if (Cell.TryNumber(text, out _))
            {
                _plain.Add(group);
            }
            else if (!DateForm.Matches(text) && NumberForm.Of(text) is { } form)
            {
                if (!_forms.TryGetValue(Key(form), out Group? same))
                    _forms.Add(Key(form), same = new Group { Form = form });
                same.Add(group);
            }
            else
            {
                _others.Add(group);
                _onlyPlaceholders &= _placeholders.Contains(text.Trim());
            }
        }
        foreach (Group unit in _forms.Values.Where(group => group.Form!.Unit.Length > 0).ToArray())
        {
            if (unit.Texts >= (unit.Form!.IsApart ? 2 : 3) && unit.Cells + _plain.Cells >= Nearly * _present && unit.Cells > _plain.Cells)
                continue;
            _forms.Remove(Key(unit.Form!));
            _others.Add(unit);
            _onlyPlaceholders = false;
        }
        _form = _forms.Values.MaxBy(group => group.Cells)?.Form;
        _commas = Commas(_forms.Values.Select(group => group.Form!.Commas), table.Separator);
    }

    /// <summary>Whether it holds numbers but for a few cells.</summary>
    internal bool LooksLikeNumbers => Spoilt.Cells > 0 && _plain.Texts + Formed.Texts >= 2
        && (Numbers >= Nearly * _present || (_others.Cells > 0 && _onlyPlaceholders) || (_others.Texts == 1 && _plain.Texts + Formed.Texts > ManyValues));

    /// <summary>Whether numbers prevail without being nearly all.</summary>
    internal bool IsMostlyNumbers => !LooksLikeNumbers && Spoilt.Cells > 0 && Numbers > 0 && Numbers >= Mostly * _present;

    /// <summary>Whether nearly all cells are dates or clock times.</summary>
    internal bool LooksLikeDates => _present > 0 && _dates.Cells >= Nearly * _present;

    /// <summary>"looks like numbers except 'abc' in line 17", "looks like dates or times, such as …", or "is to 70 % numbers, the first other cell being …"; null for categories.</summary>
    internal string? Description
    {
        get
        {
            if (LooksLikeDates)
                return $"looks like dates or times, such as {Place(_dates)}";
            if (IsMostlyNumbers)
                return $"is to {Math.Floor(100.0 * Numbers / _present)} % numbers, the first other cell being {Place(Spoilt)}";
            if (!LooksLikeNumbers)
                return null;
            if (Formed.Cells >= _others.Cells)
                return $"looks like numbers with {What}, such as {Place(Formed)}";
            return _others switch
            {
                { Cells: 1 } => $"looks like numbers except {Place(_others)}",
                { Texts: 1 } => $"looks like numbers except '{Cell.Shown(_others.First!)}' in {_others.Cells} rows, first in {Line(_others)}",
                _ => $"looks like numbers except {_others.Cells} cells, first {Place(_others)}",
            };
        }
    }

    /// <summary>What to do about the cells of a column that looks like numbers, as the beginning of a sentence.</summary>
    internal string Remedy => Formed.Cells >= _others.Cells && _form is not null
        ? _form.Remedy(_form.Commas == NumberForm.Comma.None ? null : _commas)
        : _others.Cells == 1 ? "Correct it, or leave the cell empty if the value is unknown" : "Correct them, or leave the cells empty where the value is unknown";

    internal static TextJudgement Of(Table table, TableColumn column) => new(table, column);

    /// <summary>Whether a column has more texts than can have a feature each, and they are categories all the same: they recur, and are neither dates nor numbers with mistakes.</summary>
    internal static bool AreManyCategories(Table table, TableColumn column, int maximumCategories)
    {
        HashSet<string> distinct = new(StringComparer.Ordinal);
        int present = 0;
        foreach (string? text in column.Texts)
        {
            if (text is null)
                continue;
            present++;
            distinct.Add(text);
        }
        return distinct.Count > maximumCategories && present >= Recurring * distinct.Count && (column.MeantAsText ? !Of(table, column).LooksLikeDates : Of(table, column).Description is null);
    }

    /// <summary>A sentence of a column of sentences; null where texts are rather names.</summary>
    internal static string? FreeText(TableColumn column)
    {
        int words = 0, cells = 0;
        string? longest = null;
        foreach (string? text in column.Texts)
        {
            if (text is null)
                continue;
            cells++;
            words += text.AsSpan().Trim().Count(' ') + 1;
            if (text.Length > (longest?.Length ?? 0))
                longest = text;
        }
        return words >= WordsOfSentences * cells ? longest : null;
    }

    /// <summary>Throws if a feature's texts are numbers that some cells have spoilt, unless the caller means them as texts.</summary>
    internal static void RejectNumbers(Table table, TableColumn column)
    {
        if (!column.MeantAsText && Of(table, column) is { LooksLikeNumbers: true } judged)
            throw table.Error($"column '{column.Name}' {judged.Description}. {judged.Remedy}; if the column holds categories, {AsText(table)}, or leave it out with DataOptions.IgnoredColumns.", column: column.Name);
    }

    /// <summary>The same of a label.</summary>
    internal static void RejectNumericLabel(Table table, TableColumn label)
    {
        if (!label.MeantAsText && Of(table, label) is { LooksLikeNumbers: true } judged)
            throw table.Error($"column '{label.Name}' {judged.Description}. {judged.Remedy}; rows without a label are skipped. If the label's texts are classes, set DataOptions.Task, or {AsText(table)}.", column: label.Name);
    }

    /// <summary>The first cell that is no number, for a column that must hold numbers.</summary>
    internal static DataFormatException NotNumeric(Table table, TableColumn column)
    {
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Texts[row] is string text && !Cell.IsMissing(text) && !Cell.IsNone(text) && !Cell.TryNumber(text, out _))
                return table.Error(Cell.NotANumber(text), row, column.Name);
        }
        return table.Error("the column holds texts where numbers are needed. Load it as numbers with CsvOptions.NumericColumns.", column: column.Name);
    }

    private static string AsText(Table table) => table.Source is null ? "set TableColumn.MeantAsText" : "name it in CsvOptions.TextColumns";

    private static string Key(NumberForm form) => form.Unit.Length > 0 ? $"unit {form.Unit}" : form.What;

    private static NumberForm.Comma Commas(IEnumerable<NumberForm.Comma> found, char? separator)
    {
        NumberForm.Comma[] kinds = [.. found];
        if (kinds.Contains(NumberForm.Comma.Decimal))
            return NumberForm.Comma.Decimal;
        // Where the comma separates fields, decimals are written with points.
        if (kinds.Contains(NumberForm.Comma.Thousands) || separator == ',')
            return NumberForm.Comma.Thousands;
        return separator is null ? NumberForm.Comma.Either : NumberForm.Comma.Decimal;
    }

    private string What => _form!.Commas == NumberForm.Comma.None ? _form.What : _commas switch
    {
        NumberForm.Comma.Decimal => NumberForm.DecimalCommas,
        NumberForm.Comma.Thousands => NumberForm.ThousandsSeparators,
        _ => _form.What,
    };

    private int Numbers => _plain.Cells + Formed.Cells;

    private Group Formed => Joined(_forms.Values);

    private Group Spoilt => Joined([.. _forms.Values, _others]);

    private string Place(Group group) => $"'{Cell.Shown(group.First!)}' in {Line(group)}";

    private string Line(Group group) => _table.PlaceOf(group.Row);

    private static Group Joined(IEnumerable<Group> groups)
    {
        Group all = new();
        foreach (Group group in groups.Where(group => group.Cells > 0))
            all.Add(group);
        return all;
    }

    /// <summary>Cells of one kind: how many, of how many texts, and the first.</summary>
    private sealed class Group
    {
        internal NumberForm? Form { get; init; }

        internal int Cells { get; private set; }

        internal int Texts { get; private set; }

        internal int Row { get; private set; } = int.MaxValue;

        internal string? First { get; private set; }

        internal void Add(Group other) => Add(other.Cells, Math.Max(1, other.Texts), other.Row, other.First!);

        internal void Add(int cells, int texts, int row, string text)
        {
            Cells += cells;
            Texts += texts;
            if (row < Row)
                (Row, First) = (row, text);
        }
    }
}
