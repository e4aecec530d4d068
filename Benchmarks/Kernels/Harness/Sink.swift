/// Where results go, so that no work is left out because nobody looks at what comes of it.
enum Sink {
    /// Takes a value; the compiler cannot see that nothing is done with it.
    @inline(never)
    @_optimize(none)
    static func take(_ value: UInt64) {}
}
