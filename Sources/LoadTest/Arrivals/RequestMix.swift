/// Which kinds of request a phase has, and how many of each.
public struct RequestMix: Sendable, Equatable {
    /// A kind and its share.
    public struct Part: Sendable, Equatable {
        /// The kind.
        public var kind: RequestKind
        /// How often it comes, against the weights of the others.
        public var weight: Int

        /// Makes a part.
        public init(_ kind: RequestKind, _ weight: Int) {
            self.kind = kind
            self.weight = weight
        }
    }

    /// The parts, in order.
    public let parts: [Part]
    private let sum: Int

    /// Makes a mixture; at least one weight is positive, none is negative.
    public init(_ parts: [Part]) {
        self.parts = parts
        sum = parts.reduce(0) { $0 + $1.weight }
        precondition(sum > 0 && parts.allSatisfy { $0.weight >= 0 }, "a mixture has something in it")
    }

    /// One kind only.
    public init(_ kind: RequestKind) { self.init([Part(kind, 1)]) }

    /// The kinds in it.
    public var kinds: [RequestKind] { parts.filter { $0.weight > 0 }.map(\.kind) }

    /// The kind of a request by its number: the same for equal seeds, in the shares of the weights.
    public func kind(of index: Int, seed: UInt64) -> RequestKind {
        guard parts.count > 1 else { return parts[0].kind }
        var random = SeededRandom(seed: seed &+ UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9_7F4A_7C15)
        var place = random.below(sum)
        for part in parts {
            place -= part.weight
            if place < 0 { return part.kind }
        }
        return parts[parts.count - 1].kind
    }
}
