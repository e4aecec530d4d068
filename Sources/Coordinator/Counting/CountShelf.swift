import Bytes
import Identifiers
import ShardProtocol

/// Where counts stand between two leaders: notes beside the records.
///
/// Pieces are written under names that the head does not mention, then the head: whoever dies in between leaves the
/// counts of before, which are as right as those of now, and only further behind.
struct CountShelf: Sendable {
    /// Which pieces hold the counts.
    struct Head: Equatable {
        /// Alternates, so that no piece that is in use is written over.
        var side: UInt8 = 0
        var bytes = 0
        /// The digest of all pieces.
        var digest: UInt64 = 0
    }

    /// A part of the counts has this many bytes: it fits one message many times over.
    private static let piece = 256 << 10
    private static let bytesLimit = 1 << 32
    private static let format: UInt8 = 1
    static let headName = "values"

    let fanOut: FanOut

    /// Reads the counts; `nil` where there are none that this program can read: then records are counted anew.
    func stored() async throws(RegistryError) -> (head: Head, counts: ValueCounts)? {
        guard let row = try await read(Self.headName), let head = Self.head(row) else { return nil }
        var bytes: [UInt8] = []
        for name in Self.names(head) {
            guard let piece = try await read(name) else { return nil }
            bytes += piece
        }
        guard bytes.count == head.bytes, KeyHash.hash(bytes) == head.digest,
            let counts = try? ValueCounts(decoding: bytes)
        else { return nil }
        return (head, counts)
    }

    /// The notes that counts are stored as, in the order in which they are written; those of before go last.
    static func notes(
        _ counts: ValueCounts,
        after old: Head?
    ) -> (head: Head, notes: [(name: String, bytes: [UInt8]?)]) {
        let bytes = counts.encoded()
        let head = Head(side: old?.side == 0 ? 1 : 0, bytes: bytes.count, digest: KeyHash.hash(bytes))
        var notes: [(String, [UInt8]?)] = []
        for (number, name) in names(head).enumerated() {
            notes.append((name, Array(bytes[(number * piece)..<min((number + 1) * piece, bytes.count)])))
        }
        var writer = ByteWriter(capacity: 32)
        writer.write(format)
        writer.write(head.side)
        writer.write(varint: UInt64(head.bytes))
        writer.write(head.digest)
        notes.append((headName, writer.bytes))
        if let old { notes += names(old).map { ($0, nil) } }
        return (head, notes)
    }

    private static func names(_ head: Head) -> [String] {
        (0..<((head.bytes + piece - 1) / piece)).map { "\(headName)/\(head.side)/\($0)" }
    }

    static func head(_ row: [UInt8]) -> Head? {
        try? RowError.decode(row, table: .meta, format: format) { reader throws(ByteError) in
            let side: UInt8 = try reader.read()
            let bytes = try reader.readCount(limit: bytesLimit)
            return Head(side: side, bytes: bytes, digest: try reader.read())
        }
    }

    private func read(_ name: String) async throws(RegistryError) -> [UInt8]? {
        let address = ReadRequest.Address.note(name)
        do throws(ShardError) {
            return try await fanOut.read([address])[address] ?? nil
        } catch {
            throw RegistryError(error)
        }
    }
}
