namespace MLNetHyper.Engine.Tests;

/// <summary>A small objective with its training batches, three by default, and one validation batch of other examples.</summary>
internal sealed record Problem(IObjective<DenseVector<double>> Objective, BatchSource Training, BatchSource Validation)
{
    internal const int TrainingExamples = 12;
    internal const int ValidationExamples = 6;
    internal const int Examples = TrainingExamples + ValidationExamples;

    internal Problem(IObjective<DenseVector<double>> objective, int batchSize = 4)
        : this(objective, new CyclicBatches(0, TrainingExamples, batchSize), new CyclicBatches(TrainingExamples, ValidationExamples, ValidationExamples))
    {
    }

    internal double ValidationLoss(DenseVector<double> weights) =>
        Objective.CreateLinearization().Loss(weights, Validation.BatchAt(0));

    internal DenseVector<double> ValidationGradient(DenseVector<double> weights)
    {
        DenseVector<double> gradient = Objective.CreateVector();
        Objective.CreateLinearization().Gradient(weights, Validation.BatchAt(0), gradient);
        return gradient;
    }

    /// <summary>The rule's hyperparameters and the objective's own, these tuned.</summary>
    internal IReadOnlyList<Hyperparameter> With(IReadOnlyList<Hyperparameter> ofRule) => [.. ofRule, .. Objective.Hyperparameters.Select(h => h with { Tuned = true })];

    /// <summary>The curvature matrix of one training batch, column by column.</summary>
    internal double[,] CurvatureMatrix(DenseVector<double> weights, Batch batch, Curvature curvature = Curvature.Hessian)
    {
        ILinearization<DenseVector<double>> linearization = Objective.CreateLinearization();
        DenseVector<double> unit = Objective.CreateVector(), column = Objective.CreateVector();
        linearization.Gradient(weights, batch, column);
        double[,] matrix = new double[unit.Length, unit.Length];
        for (int j = 0; j < unit.Length; j++)
        {
            unit.Fill(0);
            unit.Span[j] = 1;
            linearization.CurvatureVectorProducts(curvature, [unit], [column], BatchPart.Whole);
            for (int i = 0; i < unit.Length; i++)
                matrix[i, j] = column.Span[i];
        }
        return matrix;
    }
}
