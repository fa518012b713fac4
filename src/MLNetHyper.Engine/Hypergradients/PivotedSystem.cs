namespace MLNetHyper.Engine;

/// <summary>A small system of linear equations, by Gaussian elimination with complete pivoting. Of a singular one the solvable part is solved, the other unknowns being zero.</summary>
internal sealed class PivotedSystem(int size)
{
    /// <summary>A pivot that is so much smaller than the first is the rounding of what was computed in single precision.</summary>
    private const double Negligible = 1e-8;

    private readonly double[,] _elements = new double[size, size];
    private readonly int[] _rows = new int[size];
    private readonly int[] _columns = new int[size];
    private readonly double[] _scratch = new double[size];
    private int _rank;

    /// <summary>An element of the matrix; all are overwritten by <see cref="Factor"/>.</summary>
    internal double this[int row, int column]
    {
        get => _elements[row, column];
        set => _elements[row, column] = value;
    }

    /// <summary>Factors the matrix whose elements were set.</summary>
    internal void Factor()
    {
        double first = 0;
        for (int k = 0; k < size; k++)
            (_rows[k], _columns[k]) = (k, k);
        for (_rank = 0; _rank < size; _rank++)
        {
            double pivot = Pivot(_rank);
            if (_rank == 0)
                first = pivot;
            if (pivot <= Negligible * first)
                return;
            for (int i = _rank + 1; i < size; i++)
            {
                double factor = _elements[i, _rank] /= _elements[_rank, _rank];
                for (int j = _rank + 1; j < size; j++)
                    _elements[i, j] -= factor * _elements[_rank, j];
            }
        }
    }

    /// <summary>Overwrites the right side with the solution.</summary>
    internal void Solve(Span<double> x)
    {
        for (int i = 0; i < _rank; i++)
        {
            _scratch[i] = x[_rows[i]];
            for (int j = 0; j < i; j++)
                _scratch[i] -= _elements[i, j] * _scratch[j];
        }
        x.Clear();
        for (int i = _rank - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < _rank; j++)
                _scratch[i] -= _elements[i, j] * _scratch[j];
            x[_columns[i]] = _scratch[i] /= _elements[i, i];
        }
    }

    /// <summary>Brings the greatest element of what is left to its upper left corner, and returns its size. What is not a number counts as greater, so that it gets into the solution.</summary>
    private double Pivot(int k)
    {
        double greatest = 0;
        int row = k, column = k;
        for (int i = k; i < size; i++)
        {
            for (int j = k; j < size; j++)
            {
                if (Math.Abs(_elements[i, j]) <= greatest)
                    continue;
                (greatest, row, column) = (Math.Abs(_elements[i, j]), i, j);
            }
        }
        for (int j = 0; j < size; j++)
            (_elements[k, j], _elements[row, j]) = (_elements[row, j], _elements[k, j]);
        for (int i = 0; i < size; i++)
            (_elements[i, k], _elements[i, column]) = (_elements[i, column], _elements[i, k]);
        (_rows[k], _rows[row]) = (_rows[row], _rows[k]);
        (_columns[k], _columns[column]) = (_columns[column], _columns[k]);
        return greatest;
    }
}
