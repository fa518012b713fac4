namespace MLNetHyper.Engine;

/// <summary>Arrays and numbers of models' files, and of messages between workers.</summary>
internal static class BinaryArrays
{
    internal static void Write<T>(this BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (T item in items)
            write(item);
    }

    /// <exception cref="FormatException">The stream is too short for so many.</exception>
    internal static T[] ReadArray<T>(this BinaryReader reader, int leastSize, Func<T> read)
    {
        // Believed only as far as the file goes on: nonsense must not cost gigabytes.
        int count = reader.ReadInt32();
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / leastSize)
            throw new FormatException("it ends too early");
        T[] items = new T[count];
        for (int i = 0; i < count; i++)
            items[i] = read();
        return items;
    }

    internal static void WriteText(this BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    internal static string? ReadText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    /// <exception cref="FormatException">The enumeration has no such value.</exception>
    internal static T ReadEnum<T>(this BinaryReader reader) where T : struct, Enum
    {
        int value = reader.ReadInt32();
        var known = (T)Enum.ToObject(typeof(T), value);
        return Enum.IsDefined(known) ? known : throw new FormatException($"{value} is no {typeof(T).Name}");
    }
}
