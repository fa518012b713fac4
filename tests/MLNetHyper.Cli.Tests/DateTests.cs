using System.Globalization;
using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

[TestClass]
public sealed class DateTests
{
    [TestMethod]
    [DataRow("2024-06-01", true, "2024-06-01T00:00:00")]
    [DataRow("2024-6-1 9:05", true, "2024-06-01T09:05:00")]
    [DataRow("2024-06-01T09:05:07.25Z", true, "2024-06-01T09:05:07.25")]
    [DataRow("2024-06-01 23:30:00+02:00", true, "2024-06-01T23:30:00")]
    [DataRow("20240601", true, "2024-06-01T00:00:00")]
    [DataRow("1.6.2024", true, "2024-06-01T00:00:00")]
    [DataRow("6/1/2024", true, "2024-06-01T00:00:00")]
    [DataRow("1/6/2024", false, "2024-06-01T00:00:00")]
    [DataRow("6/1/2024 1:05 PM", true, "2024-06-01T13:05:00")]
    [DataRow("1 Jun 2024", true, "2024-06-01T00:00:00")]
    [DataRow("June 1, 2024", true, "2024-06-01T00:00:00")]
    [DataRow("2024-06", true, "2024-06-01T00:00:00")]
    [DataRow("2024-13-01", true, null)]
    [DataRow("13/1/2024", true, null)]
    [DataRow("yesterday", true, null)]
    public void Dates_as_they_are_written(string text, bool monthFirst, string? expected)
    {
        bool read = new DateText(monthFirst).TryRead(text, out DateTime date);
        Assert.AreEqual(expected is not null, read);
        if (expected is not null)
            Assert.AreEqual(DateTime.Parse(expected, CultureInfo.InvariantCulture), date);
    }

    [TestMethod]
    public void Parts_of_dates_are_features_that_learn_the_season()
    {
        using TestFolder folder = new();
        DateTime start = new(2020, 1, 1, 6, 30, 0);
        string Rows(string form) => folder.Write("d.csv", "when,y\n" + string.Concat(Enumerable.Range(0, 400).Select(i => start.AddHours(i * 61)).Select((date, i) =>
            $"{(i % 40 == 7 ? "" : date.ToString(form, CultureInfo.InvariantCulture))},{(i % 40 == 7 ? 3 : date.Month >= 6 ? 10 : 0) + (date.DayOfWeek == DayOfWeek.Monday ? 5 : 0)}.5\n")));
        string data = Rows("yyyy-MM-dd HH:mm");
        Tool.Train(data, "y").IsBadInput("looks like dates", "--dates");
        Tool.Train(data, "y", "--dates", "when", "--steps", "400", "--model", folder["m"]).Succeeds();
        OnePassModel model = OnePassModel.Load(folder["m"]);
        Assert.AreEqual("when year|when month|when day|when weekday|when hour|when is missing", string.Join('|', model.Features.FeatureNames));
        JsonElement predicted = Tool.Run("predict", "--model", folder["m"], "--data", data, "--json").Succeeds().Json;
        Assert.IsGreaterThan(0.8, predicted.GetProperty("metrics").GetProperty("r2").GetDouble());
        // However it is written.
        Assert.AreEqual(predicted.GetProperty("metrics").ToString(), Tool.Run("predict", "--model", folder["m"], "--data", Rows("M/d/yyyy H:mm"), "--json").Succeeds().Json.GetProperty("metrics").ToString());
        Tool.Run("explain", "--model", folder["m"], "--data", data, "--partial-dependence", "when").Succeeds();
        Tool.Run("export", "--model", folder["m"], "--onnx", folder["o"]).Succeeds();
    }

    [TestMethod]
    public void A_day_that_is_no_month_says_that_the_day_comes_first()
    {
        using TestFolder folder = new();
        string Data(string last) => folder.Write("s.csv", "when,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{1 + (i % 12)}/6/2024,{i % 12}.5\n")) + $"{last},3.5\n");
        Tool.Train(Data("13/6/2024"), "y", "--dates", "when", "--model", folder["m"]).Succeeds();
        Assert.AreEqual("when day|when weekday", string.Join('|', OnePassModel.Load(folder["m"]).Features.FeatureNames));
        Tool.Train(Data("12/6/2024"), "y", "--dates", "when", "--model", folder["m"]).Succeeds();
        Assert.AreEqual("when month|when weekday", string.Join('|', OnePassModel.Load(folder["m"]).Features.FeatureNames));
        Tool.Train(Data("32/6/2024"), "y", "--dates", "when").IsBadInput("line 62", "'32/6/2024' is not a date");
    }

    [TestMethod]
    public void What_is_wrong_is_said()
    {
        using TestFolder folder = new();
        string data = folder.Write("s.csv", "when,y\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"2024{1 + (i % 12):00}{1 + (i % 28):00},{i % 12}.5\n")));
        Tool.Train(data, "y", "--dates", "then").IsBadInput("no column 'then'");
        Tool.Train(data, "y", "--dates", "y").IsBadInput("--dates");
        Assert.Contains("--dates", Tool.Train(data, "y").Succeeds().Error);
        Assert.DoesNotContain("--dates", Tool.Train(data, "y", "--dates", "when", "--model", folder["m"]).Succeeds().Error);
        Tool.Run("predict", "--model", folder["m"], "--data", folder.Write("p.csv", "when\n20240101\nsoon\n")).IsBadInput("line 3", "'soon' is not a date");
    }
}
