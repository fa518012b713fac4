namespace MLNetHyper.Experiments;

/// <summary>A public data set with the division by row order for which results are published.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FileName">Its file among the samples: columns x1, x2, …, then the label y.</param>
/// <param name="Train">How many rows train: the first ones.</param>
/// <param name="Validation">How many rows validate: the next ones.</param>
/// <param name="Test">How many rows test: the last ones.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ReferenceDataset(string Name, string FileName, int Train, int Validation, int Test, string Source)
{
    /// <summary>Heating load of 768 simulated buildings from 8 properties of their shape and glazing.</summary>
    public static ReferenceDataset Energy { get; } = new("energy", "energy.csv", 614, 78, 76, "UCI Machine Learning Repository, Energy Efficiency, doi:10.24432/C51307");

    /// <summary>Distance of a simulated robot arm's hand from a target, from 8 joint angles: 8192 rows, strongly non-linear.</summary>
    public static ReferenceDataset Kin8nm { get; } = new("kin8nm", "kin8nm.csv", 5898, 1475, 819, "DELVE, University of Toronto, kin family of data sets");

    /// <summary>Electrical output of a combined cycle power plant from 4 ambient measurements: 9568 hours.</summary>
    public static ReferenceDataset Power { get; } = new("power", "power.csv", 6889, 1722, 957, "UCI Machine Learning Repository, Combined Cycle Power Plant, doi:10.24432/C5002N");

    /// <summary>Decay of a naval gas turbine's compressor from 16 measurements, two of which never vary: 11934 rows.</summary>
    public static ReferenceDataset Naval { get; } = new("naval", "naval.csv", 8593, 2148, 1193, "UCI Machine Learning Repository, Condition Based Maintenance of Naval Propulsion Plants, doi:10.24432/C5K31K");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReferenceDataset> All { get; } = [Energy, Kin8nm, Power, Naval];

    /// <summary>The options of the published protocol: rows in file order, statistics from training and validation rows.</summary>
    public DataOptions Options => new()
    {
        LabelColumn = "y",
        Task = LearningTask.Regression,
        RowOrder = new RowCounts(Train, Validation, Test),
        StatisticsFrom = StatisticsRows.TrainAndValidation,
    };
}
