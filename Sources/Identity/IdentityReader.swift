import Bytes
import Demographics
import Identifiers

/// Reads stored identity values; turns every fault of the bytes into an `IdentityError`.
struct IdentityReader {
    private var reader: ByteReader

    init(_ bytes: UnsafeRawBufferPointer) {
        reader = ByteReader(bytes)
    }

    /// Runs a reading step and converts what it throws.
    mutating func step<T>(_ body: (inout ByteReader) throws(ByteError) -> T) throws(IdentityError) -> T {
        do throws(ByteError) { return try body(&reader) } catch { throw .bytes(error) }
    }

    mutating func finish() throws(IdentityError) {
        try step { reader throws(ByteError) in try reader.finish() }
    }

    mutating func expect(version: UInt8) throws(IdentityError) {
        let found = try readByte()
        guard found == version else { throw .unknownVersion(found) }
    }

    mutating func readByte() throws(IdentityError) -> UInt8 {
        try step { reader throws(ByteError) in try reader.read(UInt8.self) }
    }

    mutating func readCount(limit: Int) throws(IdentityError) -> Int {
        try step { reader throws(ByteError) in try reader.readCount(limit: limit) }
    }

    /// Reads a place in a list of `count` elements.
    mutating func readIndex(below count: Int) throws(IdentityError) -> Int {
        let start = reader.offset
        let value = try step { reader throws(ByteError) in try reader.readVarint() }
        guard value < UInt64(count) else { throw .badValue(at: start) }
        return Int(value)
    }

    mutating func readRecord() throws(IdentityError) -> RecordID {
        RecordID(try step { reader throws(ByteError) in try reader.read(UInt64.self) })
    }

    mutating func readGolden() throws(IdentityError) -> GoldenID {
        GoldenID(rawValue: try step { reader throws(ByteError) in try reader.read(UInt64.self) })
    }

    mutating func readWeight() throws(IdentityError) -> MatchWeight {
        MatchWeight(millibits: try step { reader throws(ByteError) in try reader.read(Int32.self) })
    }

    mutating func readPair() throws(IdentityError) -> RecordPair {
        let start = reader.offset
        let a = try readRecord()
        let b = try readRecord()
        guard a < b, let pair = RecordPair(a, b) else { throw .badValue(at: start) }
        return pair
    }

    /// The goldens of a component, oldest first.
    mutating func readGoldens() throws(IdentityError) -> [GoldenID] {
        var goldens: [GoldenID] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.anchors)) {
            let start = reader.offset
            let golden = try readGolden()
            if let last = goldens.last, last.birth >= golden.birth { throw .badValue(at: start) }
            goldens.append(golden)
        }
        return goldens
    }

    mutating func readMembers(goldens: [GoldenID]) throws(IdentityError) -> [Component.Member] {
        var members: [Component.Member] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.members)) {
            let start = reader.offset
            let record = try readRecord()
            if let last = members.last, last.record >= record { throw .badValue(at: start) }
            let flags = try readByte()
            guard flags <= 1 else { throw .badValue(at: start) }
            let isAbsent = flags == 1
            let born = Sequence(try step { reader throws(ByteError) in try reader.readVarint() })
            let place = try readIndex(below: goldens.count + 1)
            // A live member has a person, an absent one has none.
            guard isAbsent == (place == 0) else { throw .badValue(at: start) }
            let facts = isAbsent ? GuardFacts() : try readFacts()
            let golden = place == 0 ? nil : goldens[place - 1]
            members.append(.init(record: record, born: born, facts: facts, golden: golden, isAbsent: isAbsent))
        }
        return members
    }

    private mutating func readFacts() throws(IdentityError) -> GuardFacts {
        try step { reader throws(ByteError) in try GuardFacts(from: &reader) }
    }

    mutating func readEdges(members: [Component.Member]) throws(IdentityError) -> [Component.Edge] {
        var edges: [Component.Edge] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.edges)) {
            let start = reader.offset
            let a = try readIndex(below: members.count)
            let b = try readIndex(below: members.count)
            let weight = try readWeight()
            guard a < b, let pair = RecordPair(members[a].record, members[b].record) else {
                throw .badValue(at: start)
            }
            let edge = Component.Edge(pair: pair, weight: weight)
            if let last = edges.last, !Component.Edge.precedes(last, edge) { throw .badValue(at: start) }
            edges.append(edge)
        }
        return edges
    }

    mutating func readDecisions() throws(IdentityError) -> [StewardDecision] {
        var decisions: [StewardDecision] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.decisions)) {
            let start = reader.offset
            let decision = try readDecision()
            if let last = decisions.last, last.pair >= decision.pair { throw .badValue(at: start) }
            decisions.append(decision)
        }
        return decisions
    }

    mutating func readDecision() throws(IdentityError) -> StewardDecision {
        let start = reader.offset
        guard let kind = StewardDecision.Kind(rawValue: try readByte()) else { throw .badValue(at: start) }
        let pair = try readPair()
        let at = Sequence(try step { reader throws(ByteError) in try reader.readVarint() })
        let by = try step { reader throws(ByteError) in try reader.readString(limit: StewardDecision.byLimit) }
        let comment = try step { reader throws(ByteError) in
            try reader.readString(limit: StewardDecision.commentLimit)
        }
        return StewardDecision(kind: kind, pair: pair, at: at, by: by, comment: comment)
    }

    mutating func readDoubts() throws(IdentityError) -> [Component.Edge] {
        var doubts: [Component.Edge] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.doubts)) {
            let start = reader.offset
            let doubt = Component.Edge(pair: try readPair(), weight: try readWeight())
            if let last = doubts.last, last.pair >= doubt.pair { throw .badValue(at: start) }
            doubts.append(doubt)
        }
        return doubts
    }

    mutating func readReviews() throws(IdentityError) -> [ReviewTask] {
        var reviews: [ReviewTask] = []
        for _ in 0..<(try readCount(limit: IdentityLimits.reviews)) {
            let start = reader.offset
            let review = try readReview()
            if let last = reviews.last, last >= review { throw .badValue(at: start) }
            reviews.append(review)
        }
        return reviews
    }

    mutating func readReview() throws(IdentityError) -> ReviewTask {
        let pair = try readPair()
        let start = reader.offset
        guard let reason = ReviewTask.Reason(code: try readByte()) else { throw .badValue(at: start) }
        let weight = try readWeight()
        let harm = try step { reader throws(ByteError) in try reader.read(UInt16.self) }
        return ReviewTask(pair: pair, reason: reason, weight: weight, harm: harm)
    }
}
