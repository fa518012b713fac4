namespace MLNetHyper.Engine.Tests;

/// <summary>Dense linear algebra for matrices of a few rows.</summary>
internal static class Matrices
{
    /// <summary>Solves <c>(A + shift·I) x = b</c> for positive definite A by Gaussian elimination.</summary>
    internal static double[] Solve(double[,] matrix, double shift, double[] right)
    {
        int n = right.Length;
        double[,] a = (double[,])matrix.Clone();
        double[] x = [.. right];
        for (int i = 0; i < n; i++)
            a[i, i] += shift;
        for (int p = 0; p < n; p++)
        {
            for (int i = p + 1; i < n; i++)
            {
                double factor = a[i, p] / a[p, p];
                for (int j = p; j < n; j++)
                    a[i, j] -= factor * a[p, j];
                x[i] -= factor * x[p];
            }
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
                x[i] -= a[i, j] * x[j];
            x[i] /= a[i, i];
        }
        return x;
    }

    /// <summary>By inverse iteration.</summary>
    internal static double SmallestEigenvalue(double[,] matrix)
    {
        double[] x = [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => 1.0 + (0.1 * i))];
        double norm = 0;
        for (int k = 0; k < 500; k++)
        {
            x = Solve(matrix, 1e-12, x);
            norm = Math.Sqrt(x.Sum(e => e * e));
            x = [.. x.Select(e => e / norm)];
        }
        return 1 / norm;
    }
}
