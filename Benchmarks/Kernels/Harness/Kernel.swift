/// One small piece of the program, run again and again over the same input.
struct Kernel: Sendable {
    /// One round: works through all items and gives a value that depends on each of them.
    typealias Round = () throws -> UInt64

    /// What it is called on the command line.
    let name: String
    /// What one item is, in a few words.
    let item: String
    /// Items of one round; fixed, so that figures of two versions stand beside each other.
    let items: Int
    /// Makes the input, which is not measured, and gives the round.
    let prepare: @Sendable () throws -> Round
}
