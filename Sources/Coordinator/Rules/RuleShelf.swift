import Bytes
import Identifiers
import Matching
import ShardProtocol

/// Where the book of rules and the rule sets stand: notes beside the records.
struct RuleShelf: Sendable {
    /// What is stored of a rule set.
    struct Stored: Sendable {
        /// The canonical encoding, whose digest is the version.
        var encoding: [UInt8]
        /// The file that was put; empty for rules that came from no file.
        var text: [UInt8]
    }

    /// Largest rule file in bytes: term frequencies of a nation's hundred thousand names are three million.
    static let fileLimit = 8 << 20
    /// Largest rule set as stored.
    static let bytesLimit = 64 << 20
    /// A rule set is stored in pieces of this many bytes: each fits one message many times over.
    private static let piece = 256 << 10
    private static let format: UInt8 = 1

    /// The note that is the book.
    static let book = "rules"

    let fanOut: FanOut

    /// Reads the book; an empty one where there is none.
    func book() async throws(RegistryError) -> RuleBook {
        guard let bytes = try await read([.note(Self.book)])[0] else { return RuleBook() }
        do throws(RowError) {
            return try RuleBook(decoding: bytes)
        } catch {
            throw .corrupt("the book of rules: \(error.text)")
        }
    }

    /// Reads a rule set.
    func stored(_ entry: RuleBook.Version) async throws(RegistryError) -> Stored {
        let names = (0..<Self.pieces(entry.bytes)).map { Self.name(entry.version, $0) }
        var bytes: [UInt8] = []
        for name in names {
            guard let piece = try await read([.note(name)])[0] else {
                throw .corrupt("a piece of the rule set \(entry.version) is missing")
            }
            bytes += piece
        }
        do throws(RowError) {
            return try RowError.decode(bytes, table: .meta, format: Self.format) { reader throws(ByteError) in
                Stored(
                    encoding: try reader.readBytes(limit: Self.bytesLimit),
                    text: try reader.readBytes(limit: Self.bytesLimit)
                )
            }
        } catch {
            throw .corrupt("the rule set \(entry.version): \(error.text)")
        }
    }

    /// Compiles a rule set of the book.
    func rules(_ version: RuleSetVersion, in book: RuleBook) async throws(RegistryError) -> RuleSet {
        guard let entry = book.entry(version) else { throw .corrupt("the rule set \(version) is not in the book") }
        let stored = try await stored(entry)
        do throws(RuleSetError) {
            let rules = try RuleSet(decoding: stored.encoding)
            guard rules.version == version else {
                throw RuleSetError.undecodable("it is another one than its name says: \(rules.version)")
            }
            return rules
        } catch {
            throw .corrupt("the rule set \(version) cannot be read by this program: \(error)")
        }
    }

    /// The plan that a book means, on a node that was started with some rules.
    func plan(_ book: RuleBook, configured: RuleSet) async throws(RegistryError) -> RulePlan {
        var active = configured
        if let deciding = book.deciding, deciding != configured.version { active = try await rules(deciding, in: book) }
        var next: RuleSet?
        var former: RuleSet?
        if let transition = book.transition {
            switch transition.phase {
            case .indexing: next = try await rules(transition.to, in: book)
            case .resolving: former = try await rules(transition.from, in: book)
            }
        }
        return RulePlan(active: active, next: next, former: former, generation: book.generation)
    }

    /// The notes that a rule set is stored as, and how many bytes they have.
    static func notes(_ rules: RuleSet, text: [UInt8]) -> (notes: [(name: String, bytes: [UInt8])], bytes: Int) {
        let encoding = rules.encoded()
        var writer = ByteWriter(capacity: encoding.count + text.count + 32)
        writer.write(format)
        writer.write(prefixed: encoding)
        writer.write(prefixed: text)
        let bytes = writer.bytes
        let notes = (0..<pieces(bytes.count)).map { number in
            (name(rules.version, number), Array(bytes[(number * piece)..<min((number + 1) * piece, bytes.count)]))
        }
        return (notes, bytes.count)
    }

    private static func pieces(_ bytes: Int) -> Int { (bytes + piece - 1) / piece }

    private static func name(_ version: RuleSetVersion, _ piece: Int) -> String { "rules/\(version)/\(piece)" }

    private func read(_ addresses: [ReadRequest.Address]) async throws(RegistryError) -> [[UInt8]?] {
        do throws(ShardError) {
            let rows = try await fanOut.read(addresses)
            return addresses.map { rows[$0] ?? nil }
        } catch {
            throw RegistryError(error)
        }
    }
}
