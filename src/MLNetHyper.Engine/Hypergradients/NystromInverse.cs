using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>
/// Hataya and Yamada (AISTATS 2023): k columns C of the Hessian, drawn at random, stand for all of it, <c>H ≈ C M⁻¹ Cᵀ</c> with their own rows M; by Woodbury's identity
/// <c>(H + ρ)⁻¹v = v/ρ - C(M + CᵀC/ρ)⁻¹Cᵀv/ρ²</c>. No series that could diverge and no learning rate to suit: what the columns do not know of counts as the damping ρ.
/// </summary>
/// <remarks>
/// Costs k Hessian products at each refresh, k weight-sized vectors of memory, and no product in between. Deviations: columns are drawn without replacement from a seed,
/// and kept for several hyperparameter steps where <see cref="Refresh"/> says so; of a singular inner system, which columns of zeros make, the solvable part is solved.
/// </remarks>
/// <param name="columns">k, from 1 to 1000; all columns where there are fewer. Default 10.</param>
/// <param name="damping">ρ, above 0. Default 0.01.</param>
/// <param name="refresh">Hyperparameter steps until the columns are computed anew, at least 1 (default).</param>
/// <param name="seed">What columns are drawn from.</param>
public sealed class NystromInverse(int columns = 10, double damping = 0.01, int refresh = 1, int seed = 0) : InverseHessian
{
    /// <summary>k, the number of columns.</summary>
    public int Columns { get; } = columns is >= 1 and <= 1000 ? columns : throw new ArgumentOutOfRangeException(nameof(columns), columns, "The number of columns must be from 1 to 1000.");

    /// <summary>ρ.</summary>
    public double Damping { get; } = damping > 0 && double.IsFinite(damping) ? damping : throw new ArgumentOutOfRangeException(nameof(damping), damping, "The damping must be a finite number above 0.");

    /// <summary>Hyperparameter steps until the columns are computed anew.</summary>
    public int Refresh { get; } = refresh >= 1 ? refresh : throw new ArgumentOutOfRangeException(nameof(refresh), refresh, "Columns must be kept for at least 1 hyperparameter step.");

    /// <summary>What columns are drawn from.</summary>
    public int Seed { get; } = seed;

    /// <inheritdoc/>
    public override string Name => "implicit-nystrom";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Columns} columns, damping {Damping:R}, refresh {Refresh}, seed {Seed}");

    /// <inheritdoc/>
    public override InverseHessianProduct<TVector> Create<TVector>(TrainingHessian<TVector> hessian) => new LowRank<TVector>(hessian, this);

    private sealed class LowRank<TVector> : InverseHessianProduct<TVector> where TVector : class, IVector<TVector>
    {
        private readonly TrainingHessian<TVector> _hessian;
        private readonly NystromInverse _settings;
        private readonly TVector[] _columns;
        private readonly int[] _drawn;
        private readonly double[] _coefficients;
        private readonly PivotedSystem _system;
        private long _updates;
        private bool _isFactored;

        internal LowRank(TrainingHessian<TVector> hessian, NystromInverse settings)
        {
            (_hessian, _settings) = (hessian, settings);
            TVector first = hessian.CreateVector();
            _columns = new TVector[Math.Min(settings.Columns, first.Length)];
            _columns[0] = first;
            for (int k = 1; k < _columns.Length; k++)
                _columns[k] = hessian.CreateVector();
            (_drawn, _coefficients, _system) = (new int[_columns.Length], new double[_columns.Length], new(_columns.Length));
        }

        public override void Multiply(TVector v, TVector q)
        {
            if (_updates % _settings.Refresh == 0)
                ComputeColumns(unit: q);
            if (!_isFactored)
                Factor(ones: q);
            _updates++;
            for (int k = 0; k < _columns.Length; k++)
                _coefficients[k] = _columns[k].Dot(v);
            _system.Solve(_coefficients);
            q.Combine(0, 1 / _settings.Damping, v);
            for (int k = 0; k < _columns.Length; k++)
                q.Combine(1, -_coefficients[k], _columns[k]);
        }

        public override void Reset() => _updates += (_settings.Refresh - (_updates % _settings.Refresh)) % _settings.Refresh;

        internal override void Serialize(StateArchive archive)
        {
            archive.Value(ref _updates);
            if (_settings.Refresh > 1)
                archive.Vectors(_columns);
            _isFactored &= !archive.IsReading;
        }

        private void ComputeColumns(TVector unit)
        {
            Draw();
            unit.Fill(0);
            for (int k = 0; k < _columns.Length; k++)
            {
                unit.Fill(1, _drawn[k], 1);
                _hessian.Multiply(unit, _columns[k]);
                unit.Fill(0, _drawn[k], 1);
            }
            _isFactored = false;
        }

        /// <summary>The inner system times ρ²: <c>ρ²M + ρCᵀC</c>, which is symmetric.</summary>
        private void Factor(TVector ones)
        {
            Draw();
            ones.Fill(1);
            double damping = _settings.Damping;
            for (int i = 0; i < _columns.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double own = ones.Dot(_columns[j], _drawn[i], 1);
                    _system[i, j] = _system[j, i] = (damping * damping * own) + (damping * _columns[i].Dot(_columns[j]));
                }
            }
            _system.Factor();
            _isFactored = true;
        }

        /// <summary>Draws the columns of this turn, the same whenever it is asked.</summary>
        private void Draw()
        {
            var random = new SplitMix64(_settings.Seed, _updates / _settings.Refresh);
            for (int k = 0; k < _drawn.Length; k++)
            {
                // All of them in their order, where all are taken; else again whenever one comes twice.
                do
                    _drawn[k] = _drawn.Length == _columns[0].Length ? k : random.NextInt(_columns[0].Length);
                while (_drawn.AsSpan(0, k).Contains(_drawn[k]));
            }
        }
    }
}
