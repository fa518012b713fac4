namespace MLNetHyper.Engine;

/// <summary>
/// A flat vector of weights, gradients or tangents, wherever it lives. Every hypergradient method, update rule and
/// meta-optimizer is written once over this interface; an engine supplies the implementation.
/// </summary>
/// <typeparam name="TSelf">The implementing type, so that calls are bound at compile time.</typeparam>
/// <remarks>
/// Operations work in place and allocate nothing. Arguments have the same length as the receiver and may be the receiver
/// itself. Scalars are double whatever the element type.
/// </remarks>
public interface IVector<TSelf> where TSelf : class, IVector<TSelf>
{
    /// <summary>The number of elements.</summary>
    int Length { get; }

    /// <summary>A new vector of zeros with the same length, element type and device.</summary>
    TSelf CreateZero();

    /// <summary><c>this ← source</c>.</summary>
    void CopyFrom(TSelf source);

    /// <summary>Copies the elements <paramref name="start"/> … <paramref name="start"/>+<paramref name="length"/>-1.</summary>
    void CopyFrom(TSelf source, int start, int length);

    /// <summary>Copies the elements of the segments that are chosen. A device that has to be waited for is waited for once.</summary>
    void CopyFrom(TSelf source, IReadOnlyList<TensorSegment> segments, ReadOnlySpan<bool> chosen)
    {
        for (int k = 0; k < segments.Count; k++)
        {
            if (chosen[k])
                CopyFrom(source, segments[k].Start, segments[k].Length);
        }
    }

    /// <summary>Sets every element to <paramref name="value"/>.</summary>
    void Fill(double value);

    /// <summary><c>this ← a·this</c>. With <c>a = 0</c> the result is zero even where an element was not finite.</summary>
    void Scale(double a);

    /// <summary><c>this ← a·this + b·x</c>. With <c>a = 0</c> the old elements are not read.</summary>
    void Combine(double a, double b, TSelf x);

    /// <summary><c>this ← a·this + b·x + c·y</c>. With <c>a = 0</c> the old elements are not read.</summary>
    void Combine(double a, double b, TSelf x, double c, TSelf y);

    /// <summary>
    /// <c>this ← a·this + b·x + c·y</c>, then <c>y ← d·y + e·this</c>, with y another vector than this: a momentum step. An engine
    /// whose vectors outgrow its caches does it in one pass over memory.
    /// </summary>
    void CombineInTurn(double a, double b, TSelf x, double c, TSelf y, double d, double e)
    {
        Combine(a, b, x, c, y);
        y.Combine(d, e, (TSelf)this);
    }

    /// <summary><c>this ← a·this + b·x∘y</c> (elementwise product). With <c>a = 0</c> the old elements are not read.</summary>
    void CombineProduct(double a, double b, TSelf x, TSelf y);

    /// <summary><c>this ← x / (√(a·y) + ε)</c> elementwise; zero where <c>y</c> is not positive and ε is zero.</summary>
    void QuotientRoot(TSelf x, double a, TSelf y, double epsilon);

    /// <summary>
    /// <c>this ← a·this + (1-a)·x</c>, <c>y ← b·y + (1-b)·x∘x</c> and <c>z ← this / (√(c·y) + ε)</c>, with y and z other vectors than this and than each other; z may be x.
    /// Adam's moments and their quotient: an engine whose vectors outgrow its caches does it in one pass over memory.
    /// </summary>
    void CombineMoments(double a, TSelf x, double b, TSelf y, double c, double epsilon, TSelf z)
    {
        Combine(a, 1 - a, x);
        y.CombineProduct(b, 1 - b, x, x);
        z.QuotientRoot((TSelf)this, c, y, epsilon);
    }

    /// <summary><c>this ← 10^this</c> elementwise.</summary>
    void Exp10();

    /// <summary><c>this ← 1/(1+e^-this)</c> elementwise.</summary>
    void Sigmoid();

    /// <summary>Clamps every element to [<paramref name="lower"/>, <paramref name="upper"/>].</summary>
    void Clamp(double lower, double upper);

    /// <summary>The inner product with <paramref name="x"/>, accumulated in double or blockwise.</summary>
    double Dot(TSelf x);

    /// <summary>The inner product of the elements <paramref name="start"/> … <paramref name="start"/>+<paramref name="length"/>-1.</summary>
    double Dot(TSelf x, int start, int length);

    /// <summary>Sets the elements <paramref name="start"/> … <paramref name="start"/>+<paramref name="length"/>-1 to <paramref name="value"/>.</summary>
    void Fill(double value, int start, int length);

    /// <summary>The inner products with <paramref name="x"/> of every segment's elements. A device that has to be waited for is waited for once.</summary>
    void Dots(TSelf x, IReadOnlyList<TensorSegment> segments, Span<double> products)
    {
        for (int k = 0; k < segments.Count; k++)
            products[k] = Dot(x, segments[k].Start, segments[k].Length);
    }

    /// <summary>Sets every segment's elements to its value.</summary>
    void Fill(ReadOnlySpan<double> values, IReadOnlyList<TensorSegment> segments)
    {
        for (int k = 0; k < segments.Count; k++)
            Fill(values[k], segments[k].Start, segments[k].Length);
    }

    /// <summary>
    /// <c>this ← s·this</c> with <c>s = min(1, limit/(‖this‖ + ε))</c>. An element that is not finite, or a norm beyond the numbers of
    /// the elements' type, leaves elements that are not finite: to scale by the inverse of an infinite norm would pass off a divergence
    /// as zero. A device that has to be waited for need not be.
    /// </summary>
    void LimitNorm(double limit, double epsilon)
    {
        double norm = Math.Sqrt(Dot((TSelf)this));
        Scale(double.IsFinite(norm) ? Math.Min(1, limit / (norm + epsilon)) : double.NaN);
    }

    /// <summary>Whether every element is finite.</summary>
    bool IsFinite();

    /// <summary>Whether the elements <paramref name="start"/> … <paramref name="start"/>+<paramref name="length"/>-1 are.</summary>
    bool IsFinite(int start, int length);

    /// <summary>Whether every element of a segment is finite. A device that has to be waited for is waited for once.</summary>
    void AreFinite(IReadOnlyList<TensorSegment> segments, Span<bool> finite)
    {
        for (int k = 0; k < segments.Count; k++)
            finite[k] = IsFinite(segments[k].Start, segments[k].Length);
    }

    /// <summary>Copies the elements into <paramref name="destination"/>, which has the same length. For checkpoints and inspection.</summary>
    void CopyTo(Span<double> destination);

    /// <summary>Copies the elements from <paramref name="source"/>, which has the same length. For checkpoints and initial values.</summary>
    void CopyFrom(ReadOnlySpan<double> source);
}
