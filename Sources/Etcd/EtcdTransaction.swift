/// What is done at once, or not at all.
public struct EtcdTransaction: Sendable, Equatable {
    /// A condition on a key.
    public enum Condition: Sendable, Equatable {
        /// There is no such key.
        case absent(String)
        /// The key was last written at this revision.
        case modified(String, UInt64)
    }

    /// A step.
    public enum Step: Sendable, Equatable {
        /// Writes a key; with a lease other than 0 it goes when that ends.
        case put(String, [UInt8], lease: UInt64)
        /// Reads keys.
        case read(EtcdKeys)
    }

    /// All must hold.
    public var conditions: [Condition]
    /// Done where they do.
    public var steps: [Step]

    /// Puts a transaction together.
    public init(conditions: [Condition] = [], steps: [Step]) {
        self.conditions = conditions
        self.steps = steps
    }

    /// Writes a `TxnRequest`.
    func encoded() -> [UInt8] {
        var writer = ProtoWriter()
        for condition in conditions { writer.message(1) { Self.write(condition, &$0) } }
        for step in steps { writer.message(2) { Self.write(step, &$0) } }
        return writer.bytes
    }

    /// `Compare`: result EQUAL is 0, which proto3 leaves out; targets CREATE 1, MOD 2.
    private static func write(_ condition: Condition, _ writer: inout ProtoWriter) {
        switch condition {
        case .absent(let key):
            writer.number(2, 1)
            writer.bytes(3, key.utf8)
            writer.required(5, 0)
        case .modified(let key, let revision):
            writer.number(2, 2)
            writer.bytes(3, key.utf8)
            writer.required(6, revision)
        }
    }

    private static func write(_ step: Step, _ writer: inout ProtoWriter) {
        switch step {
        case .read(let keys):
            writer.message(1) { EtcdRange.write(keys, &$0) }
        case .put(let key, let value, let lease):
            writer.message(2) { put in
                put.bytes(1, key.utf8)
                put.bytes(2, value)
                put.number(3, lease)
            }
        }
    }

    /// What became of it.
    public struct Outcome: Sendable, Equatable {
        /// Whether the conditions held, so that the steps were done.
        public var succeeded = false
        /// The revision of the store after it.
        public var revision: UInt64 = 0
        /// What the reading steps found, in their order.
        public var ranges: [EtcdRange] = []

        /// Reads a `TxnResponse`.
        init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
            var fields = ProtoFields(bytes)
            while let (field, value) = try fields.next() {
                switch field {
                case 1: revision = try EtcdHeader.revision(value.bytes)
                case 2: succeeded = value.number != 0
                case 3:
                    guard ranges.count < EtcdLimits.count else { throw .malformed("too many responses") }
                    try readResponse(value.bytes)
                default: break
                }
            }
        }

        private mutating func readResponse(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
            var fields = ProtoFields(bytes)
            while let (field, value) = try fields.next() {
                if field == 1 { ranges.append(try EtcdRange(value.bytes)) }
            }
        }
    }
}
