using System.Globalization;
using System.Numerics;

namespace MLNetHyper.Engine;

/// <summary>
/// Collects a column of values that come with a type, as from databases and Parquet files. One text among numbers makes texts of all, as in a CSV file.
/// </summary>
/// <param name="name">The column's name.</param>
/// <param name="isText">Whether its type says that it holds texts or dates, even where all are missing.</param>
sealed class ValueColumn(string name, bool isText = false)
{
    private readonly List<double> _numbers = [];
    private List<string?>? _texts = isText ? [] : null;

    // Categories recur: one string each saves most of a large table's memory.
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);

    private bool _hasDates, _hasOthers;

    /// <summary>Whether values of a type are texts in a table.</summary>
    internal static bool IsText(Type type) => type == typeof(string) || type == typeof(bool) || type == typeof(char) || type == typeof(Guid) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly);

    internal void AddMissing()
    {
        if (_texts is null)
            _numbers.Add(double.NaN);
        else
            _texts.Add(null);
    }

    internal void AddNumber(double number)
    {
        _hasOthers = true;
        if (_texts is null)
            _numbers.Add(number);
        else
            _texts.Add(double.IsNaN(number) ? null : Cell.Format(number));
    }

    /// <summary>An empty text counts as missing, as it would in a CSV file.</summary>
    internal void AddText(string text)
    {
        _hasOthers = true;
        AddAsText(text);
    }

    /// <summary>A value of any type that is a number, a text, a truth value, a date or a time; null is missing.</summary>
    /// <returns>Whether it is one.</returns>
    internal bool TryAdd(object? value)
    {
        switch (value)
        {
            case null or DBNull:
                AddMissing();
                return true;
            case double number:
                AddNumber(number);
                return true;
            case long number:
                AddNumber(number);
                return true;
            case int number:
                AddNumber(number);
                return true;
            case string text:
                AddText(text);
                return true;
            // As a CSV file has them, so that a model of one reads the other.
            case bool truth:
                AddText(truth ? "true" : "false");
                return true;
            case DateTime date:
                AddDate(date);
                return true;
            case DateTimeOffset date:
                AddDate(date.DateTime);
                return true;
            case DateOnly date:
                AddDate(date.ToDateTime(TimeOnly.MinValue));
                return true;
            // Hours, as the hour of a date is.
            case TimeSpan time:
                AddNumber(time.TotalHours);
                return true;
            case TimeOnly time:
                AddNumber(time.ToTimeSpan().TotalHours);
                return true;
            case decimal or float or Half or byte or sbyte or short or ushort or uint or ulong:
                AddNumber(Convert.ToDouble(value is Half half ? (float)half : value, CultureInfo.InvariantCulture));
                return true;
            case BigInteger number:
                AddNumber((double)number);
                return true;
            case char or Guid:
                AddText(value.ToString()!);
                return true;
            default:
                return false;
        }
    }

    /// <param name="options">Which columns are meant as texts, and which must be numbers.</param>
    /// <param name="error">Makes the exception for a row that holds a text where a number must be.</param>
    internal TableColumn Build(CsvOptions options, Func<string, int, DataFormatException> error)
    {
        bool asText = options.TextColumns.Contains(name) || options.KeepMissingWords.Contains(name);
        if (_texts is not null && options.NumericColumns.Contains(name))
            return new(name, Numbers(_texts, error));
        if (_texts is null && !asText)
            return new(name, [.. _numbers]);
        BecomeText();
        return new(name, [.. _texts!]) { MeantAsText = asText, AreDates = _hasDates && !_hasOthers };
    }

    private void AddDate(DateTime date)
    {
        _hasDates = true;
        AddAsText(date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
    }

    private void AddAsText(string text)
    {
        BecomeText();
        if (text.Length == 0)
        {
            _texts!.Add(null);
            return;
        }
        if (_pool.TryGetValue(text, out string? known))
            text = known;
        else
            _pool.Add(text, text);
        _texts!.Add(text);
    }

    private void BecomeText()
    {
        if (_texts is not null)
            return;
        _texts = [.. _numbers.Select(number => double.IsNaN(number) ? null : Cell.Format(number))];
        _numbers.Clear();
        _numbers.TrimExcess();
    }

    private static double[] Numbers(List<string?> texts, Func<string, int, DataFormatException> error)
    {
        double[] numbers = new double[texts.Count];
        for (int row = 0; row < numbers.Length; row++)
        {
            if (texts[row] is not { } text || Cell.IsMissing(text))
                numbers[row] = double.NaN;
            else if (!Cell.TryNumber(text, out numbers[row]))
                throw error(text, row);
        }
        return numbers;
    }
}
