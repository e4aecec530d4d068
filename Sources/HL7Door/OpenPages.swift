internal import Locks

/// Searches that may go on: what was found and not yet told, by pointer (DSC-1).
final class OpenPages: Sendable {
    /// Most searches that are kept; the oldest goes first.
    private static let limit = 1_000

    private struct Page {
        let pointer: String
        let query: String
        let tag: String
        let client: String
        let hits: [HL7Door.Hit]
    }

    private let pages = Mutex<[Page]>([])

    /// Keeps what is left of a search and gives the pointer to it.
    func keep(_ hits: [HL7Door.Hit], of query: String, tag: String, client: String, id: String) -> String {
        let secret = String(UInt64.random(in: .min ... .max), radix: 36)
        let pointer = "\(id)-\(secret)".uppercased()
        pages.withLock { pages in
            if pages.count >= Self.limit { pages.removeFirst() }
            pages.append(Page(pointer: pointer, query: query, tag: tag, client: client, hits: hits))
        }
        return pointer
    }

    /// What a pointer leads to; `nil` where the search was cancelled, is another one or somebody else's, or too old.
    ///
    /// The pointer stays: a sender that did not hear the answer asks again.
    func take(_ pointer: String, of query: String, tag: String, client: String) -> [HL7Door.Hit]? {
        pages.withLock { pages in
            pages.first { $0.pointer == pointer && $0.query == query && $0.tag == tag && $0.client == client }?.hits
        }
    }

    /// Forgets the pages of a search.
    func forget(tag: String, client: String) {
        pages.withLock { $0.removeAll { $0.tag == tag && $0.client == client } }
    }
}
