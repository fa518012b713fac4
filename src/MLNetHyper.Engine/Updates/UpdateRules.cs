namespace MLNetHyper.Engine;

/// <summary>The weight updates by name, as the command line and configuration files know them.</summary>
public static class UpdateRules
{
    private static readonly (NamedChoice Choice, Func<UpdateRule> Create)[] _registrations =
    [
        (new("sgd", "gradient descent with heavy-ball momentum, weight decay inside the gradient"), () => new SgdUpdate()),
        (new("nesterov", "the same with Nesterov's momentum"), () => new SgdUpdate(nesterov: true)),
        (new("sgd-decoupled", "heavy-ball momentum, weight decay beside the gradient"), () => new SgdUpdate(decoupled: true)),
        (new("nesterov-decoupled", "Nesterov's momentum, weight decay beside the gradient"), () => new SgdUpdate(nesterov: true, decoupled: true)),
        (new("adam", "Adam, weight decay inside the gradient"), () => new AdamUpdate(decoupled: false)),
        (new("adamw", "Adam, weight decay beside the gradient"), () => new AdamUpdate()),
    ];

    /// <summary>All update rules, each with a line about it.</summary>
    public static IReadOnlyList<NamedChoice> All { get; } = [.. _registrations.Select(r => r.Choice)];

    /// <summary>Makes an update rule.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <exception cref="ArgumentException">There is no such rule; the message suggests the nearest.</exception>
    public static UpdateRule Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach ((NamedChoice choice, Func<UpdateRule> create) in _registrations)
        {
            if (choice.Name == name)
                return create();
        }
        throw new ArgumentException(NameSuggestion.Missing(name, All.Select(r => r.Name), "update rule"));
    }
}
