/// What a scanner throws: the problem and its byte, nothing that costs time to work out.
///
/// A reader that goes on after a fault (one entry of a bundle, one line of a file) pays nothing for the faults that it
/// passes; whoever tells a person asks for the location, with the text at hand.
public struct JSONFault: Error, Sendable, Hashable {
    /// What is wrong.
    public let problem: JSONProblem
    /// Offset of the offending byte from the start of the text.
    public let offset: Int

    /// A fault at a byte.
    public init(_ problem: JSONProblem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// Line, column and path of the fault; reads the text again from its start.
    public func location(in bytes: RawSpan) -> JSONLocation {
        JSONLocation(of: offset, in: bytes)
    }
}
