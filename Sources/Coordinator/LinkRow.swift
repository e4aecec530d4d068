import Bytes
import Demographics
import Identifiers
import Identity
import ShardProtocol

/// Where a record stands, as stored in table `link`.
///
/// A record that matches nobody is its own component and needs no second row: its facts stand here.
enum LinkRow: Equatable {
    /// Alone, with the only golden identifier anchored at it.
    case single(golden: GoldenID, born: Sequence, facts: GuardFacts)
    /// In a stored component; without a golden identifier where it is kept only because decisions name it.
    case member(component: RecordID, golden: GoldenID?)

    var golden: GoldenID? {
        switch self {
        case .single(let golden, _, _): golden
        case .member(_, let golden): golden
        }
    }

    /// The stored component; `nil` for a lone record.
    var component: RecordID? {
        switch self {
        case .single: nil
        case .member(let component, _): component
        }
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.write(UInt8(1))
        switch self {
        case .single(let golden, let born, let facts):
            writer.write(UInt8(1))
            writer.write(golden.rawValue)
            writer.write(born.rawValue)
            facts.encode(into: &writer)
        case .member(let component, let golden):
            writer.write(UInt8(golden == nil ? 3 : 2))
            writer.write(component.rawValue)
            if let golden { writer.write(golden.rawValue) }
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .link) { reader throws(ByteError) in
            let kind: UInt8 = try reader.read()
            switch kind {
            case 1:
                let golden = GoldenID(rawValue: try reader.read())
                let born = Sequence(try reader.read())
                return .single(golden: golden, born: born, facts: try GuardFacts(from: &reader))
            case 2:
                return .member(component: RecordID(try reader.read()), golden: GoldenID(rawValue: try reader.read()))
            case 3:
                return .member(component: RecordID(try reader.read()), golden: nil)
            default:
                throw ByteError.tooLarge(at: 1, value: UInt64(kind), limit: 3)
            }
        }
    }

    /// The component of a lone record.
    static func singleton(_ record: RecordID, golden: GoldenID, born: Sequence, facts: GuardFacts) -> Component {
        var component = Component()
        component.members = [Component.Member(record: record, born: born, facts: facts, golden: golden)]
        component.anchors = [Component.Anchor(golden: golden, record: record)]
        return component
    }
}
