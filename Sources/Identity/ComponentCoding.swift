import Bytes
import Demographics
import Identifiers

/// The stored form of a component, version 1.
///
///     version u8 = 1
///     anchors   count, then golden u64 each
///     members   count, then record u64, flags u8 (1 absent), born varint, golden varint (0 none, else the place among
///               the anchors from 1), facts unless absent
///     homes     for each anchor the place of its record among the members, varint
///     edges     count, then places of both records (varint), weight i32
///     decisions count, then kind u8, a u64, b u64, at varint, by string, comment string
///     doubts    count, then a u64, b u64, weight i32
///     reviews   count, then a u64, b u64, reason u8, weight i32, harm u16
///
/// Counts are varints. Readers insist on the canonical order, so equal components have equal bytes.
extension Component {
    static let formatVersion: UInt8 = 1

    /// Writes the stored row.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 32 + members.count * 48 + edges.count * 8)
        writer.write(Component.formatVersion)
        writer.write(varint: UInt64(anchors.count))
        for anchor in anchors { writer.write(anchor.golden.rawValue) }
        writeMembers(into: &writer)
        for anchor in anchors { writer.write(varint: UInt64(memberIndex(anchor.record) ?? 0)) }
        writer.write(varint: UInt64(edges.count))
        for edge in edges {
            writer.write(varint: UInt64(memberIndex(edge.pair.a) ?? 0))
            writer.write(varint: UInt64(memberIndex(edge.pair.b) ?? 0))
            writer.write(edge.weight.millibits)
        }
        writer.write(varint: UInt64(decisions.count))
        for decision in decisions { decision.encode(into: &writer) }
        writer.write(varint: UInt64(doubts.count))
        for doubt in doubts {
            writer.write(doubt.pair.a.rawValue)
            writer.write(doubt.pair.b.rawValue)
            writer.write(doubt.weight.millibits)
        }
        writer.write(varint: UInt64(reviews.count))
        for review in reviews { review.encode(into: &writer) }
        return writer.bytes
    }

    private func writeMembers(into writer: inout ByteWriter) {
        var placeOfGolden: [GoldenID: Int] = [:]
        for (index, anchor) in anchors.enumerated() { placeOfGolden[anchor.golden] = index + 1 }
        writer.write(varint: UInt64(members.count))
        for member in members {
            writer.write(member.record.rawValue)
            writer.write(UInt8(member.isAbsent ? 1 : 0))
            writer.write(varint: member.born.rawValue)
            writer.write(varint: UInt64(member.golden.flatMap { placeOfGolden[$0] } ?? 0))
            if !member.isAbsent { member.facts.encode(into: &writer) }
        }
    }

    /// Reads a stored row.
    ///
    /// - Throws: `IdentityError.unknownVersion`, `.badValue`, `.bytes`.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(IdentityError) {
        var reader = IdentityReader(bytes)
        try reader.expect(version: Component.formatVersion)
        let goldens = try reader.readGoldens()
        members = try reader.readMembers(goldens: goldens)
        for golden in goldens {
            let index = try reader.readIndex(below: members.count)
            anchors.append(Anchor(golden: golden, record: members[index].record))
        }
        edges = try reader.readEdges(members: members)
        decisions = try reader.readDecisions()
        doubts = try reader.readDoubts()
        reviews = try reader.readReviews()
        try reader.finish()
    }
}
