import Demographics
import Identifiers
import Matching

/// A source record to its feature row, sketch and blocking keys.
enum KeyKernels {
    static let all = [normalise, key]

    private static let normalise = Kernel(name: "normalise", item: "a record in normal form", items: 2_048) {
        let records = Inputs.records(2_048)
        return { records.reduce(0) { $0 &+ UInt64(NormalisedRecord($1).birthDate.packed) } }
    }

    private static let key = Kernel(name: "key", item: "a record normalised and keyed", items: 2_048) {
        let rules = try Inputs.rules()
        let records = Inputs.records(2_048).map { (id: $0.key.id, record: $0) }
        return { records.reduce(0) { $0 ^ rules.key($1.id, NormalisedRecord($1.record)).sketch.bits.words.first } }
    }
}
