import Bytes
public import Identifiers

/// Asks one shard for the records that share a blocking key with each query and score high enough.
public struct CandidatesRequest: Sendable, Equatable {
    /// One record whose likes are looked for.
    public struct Query: Sendable, Equatable {
        /// Left out of the answer: the record itself.
        public var exclude: RecordID
        /// The record's sketch.
        public var sketch: SketchBits
        /// The record's feature row.
        public var row: [UInt8]
        /// Those of its blocking keys whose slots the shard owns.
        public var keys: [UInt64]

        /// Makes a query.
        public init(exclude: RecordID, sketch: SketchBits, row: [UInt8], keys: [UInt64]) {
            self.exclude = exclude
            self.sketch = sketch
            self.row = row
            self.keys = keys
        }
    }

    /// Most queries of one request.
    public static let queryLimit = 4_096
    /// Most keys of one query.
    public static let keyLimit = 64
    /// Largest feature row, in bytes.
    public static let rowLimit = 65_536

    /// The rule set that scores; the shard refuses one it does not have.
    public var rules: RuleSetVersion
    /// Candidates below it are not answered.
    public var floor: MatchWeight
    /// The queries, answered in this order.
    public var queries: [Query]

    /// Makes a request.
    public init(rules: RuleSetVersion, floor: MatchWeight, queries: [Query]) {
        self.rules = rules
        self.floor = floor
        self.queries = queries
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(rules.digest)
        writer.write(floor.millibits)
        writer.write(varint: UInt64(queries.count))
        for query in queries {
            writer.write(query.exclude.rawValue)
            query.sketch.write(into: &writer)
            writer.write(prefixed: query.row)
            writer.write(varint: UInt64(query.keys.count))
            for key in query.keys { writer.write(key) }
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        rules = RuleSetVersion(digest: try reader.read())
        floor = MatchWeight(millibits: try reader.read())
        let count = try reader.readCount(limit: CandidatesRequest.queryLimit)
        queries = []
        queries.reserveCapacity(count)
        for _ in 0..<count {
            let exclude = RecordID(try reader.read())
            let sketch = try SketchBits(from: &reader)
            let row = try reader.readBytes(limit: CandidatesRequest.rowLimit)
            let keyCount = try reader.readCount(limit: CandidatesRequest.keyLimit)
            var keys = [UInt64]()
            keys.reserveCapacity(keyCount)
            for _ in 0..<keyCount { keys.append(try reader.read()) }
            queries.append(Query(exclude: exclude, sketch: sketch, row: row, keys: keys))
        }
    }
}

/// What one shard found for each query, in the order of the queries.
public struct CandidatesAnswer: Sendable, Equatable {
    /// One record that may be the same person.
    public struct Candidate: Sendable, Equatable {
        /// The record.
        public var record: RecordID
        /// Its score against the query.
        public var weight: MatchWeight
        /// The blocking key that found it first, in the order of the query's keys.
        public var key: UInt64

        /// Makes a candidate.
        public init(record: RecordID, weight: MatchWeight, key: UInt64) {
            self.record = record
            self.weight = weight
            self.key = key
        }
    }

    /// The answer to one query.
    public struct Found: Sendable, Equatable {
        /// Distinct candidates at or above the floor, in the order of record ids.
        public var candidates: [Candidate]
        /// Keys whose blocks were longer than the rule set's limit and were cut.
        public var cutKeys: [UInt64]

        /// Makes an answer.
        public init(candidates: [Candidate] = [], cutKeys: [UInt64] = []) {
            self.candidates = candidates
            self.cutKeys = cutKeys
        }
    }

    /// Most candidates of one query: a block limit times the key limit.
    public static let candidateLimit = 1 << 20

    /// One answer a query.
    public var found: [Found]
    /// What the search cost.
    public var cost: SearchCost

    /// Makes an answer.
    public init(found: [Found], cost: SearchCost) {
        self.found = found
        self.cost = cost
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(found.count))
        for one in found {
            writer.write(varint: UInt64(one.candidates.count))
            for candidate in one.candidates {
                writer.write(candidate.record.rawValue)
                writer.write(candidate.weight.millibits)
                writer.write(candidate.key)
            }
            writer.write(varint: UInt64(one.cutKeys.count))
            for key in one.cutKeys { writer.write(key) }
        }
        writer.write(varint: cost.postings)
        writer.write(varint: cost.bounded)
        writer.write(varint: cost.scored)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: CandidatesRequest.queryLimit)
        found = []
        found.reserveCapacity(count)
        for _ in 0..<count {
            var one = Found()
            let candidateCount = try reader.readCount(limit: CandidatesAnswer.candidateLimit)
            for _ in 0..<candidateCount {
                one.candidates.append(
                    Candidate(
                        record: RecordID(try reader.read()),
                        weight: MatchWeight(millibits: try reader.read()),
                        key: try reader.read()
                    )
                )
            }
            let cutCount = try reader.readCount(limit: CandidatesRequest.keyLimit)
            for _ in 0..<cutCount { one.cutKeys.append(try reader.read()) }
            found.append(one)
        }
        cost = SearchCost(
            postings: try reader.readVarint(),
            bounded: try reader.readVarint(),
            scored: try reader.readVarint()
        )
    }
}

/// Counts of what a candidate search did.
public struct SearchCost: Sendable, Equatable {
    /// Postings read.
    public var postings: UInt64
    /// Postings that the sketch bound ruled out.
    public var bounded: UInt64
    /// Pairs scored in full.
    public var scored: UInt64

    /// Makes counts.
    public init(postings: UInt64 = 0, bounded: UInt64 = 0, scored: UInt64 = 0) {
        self.postings = postings
        self.bounded = bounded
        self.scored = scored
    }

    /// Adds another search's counts.
    public static func += (left: inout SearchCost, right: SearchCost) {
        left.postings += right.postings
        left.bounded += right.bounded
        left.scored += right.scored
    }
}
