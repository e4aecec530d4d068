internal import Dispatch
internal import JSON

/// Reads a trail for auditors: the newest events first.
public struct AuditReader: Sendable {
    /// An event with its number.
    public struct Found: Sendable, Hashable {
        /// Its place in the trail, from 1: also its id.
        public let number: UInt64
        /// What happened.
        public let event: AuditEvent

        /// An event with its number.
        public init(number: UInt64, event: AuditEvent) {
            self.number = number
            self.event = event
        }
    }

    /// What was found.
    public struct Page: Sendable, Hashable {
        /// The newest first.
        public var found: [Found] = []
        /// Pass it as `before` to go on; `nil` where there is nothing more.
        public var next: UInt64?
    }

    /// Bytes that are read for one answer: half a second's work; what is older comes on the next page.
    private static let bytesMax = 512 << 20

    private let directory: String

    /// A reader of a directory.
    public init(directory: String) { self.directory = directory }

    /// Finds events.
    ///
    /// - Parameters:
    ///   - query: what is looked for.
    ///   - before: only entries before this number.
    ///   - limit: events of a page.
    /// - Returns: a page, the newest first.
    /// - Throws: where the files cannot be read.
    public func find(_ query: AuditQuery, before: UInt64?, limit: Int) throws(AuditError) -> Page {
        var page = Page()
        let needles = query.needles
        var read = 0
        for path in try AuditFiles.all(in: directory).reversed() {
            if let before, let first = Self.first(path), first >= before { continue }
            guard read < Self.bytesMax else {
                page.next = page.next ?? Self.first(path).map { _ in before ?? .max }
                return page
            }
            let bytes = try AuditFiles.read(path)
            read += bytes.count
            var hits = Self.events(bytes, query, needles, before: before)
            hits.reverse()
            for hit in hits {
                guard page.found.count < limit else {
                    page.next = page.found.last?.number
                    return page
                }
                page.found.append(hit)
            }
            if read >= Self.bytesMax, let first = Self.first(path), first > 1 {
                page.next = first
                return page
            }
        }
        return page
    }

    /// Reads one event by its number.
    public func event(_ number: UInt64) throws(AuditError) -> AuditEvent? {
        let path = try AuditFiles.all(in: directory).last { Self.first($0).map { $0 <= number } ?? false }
        guard let path else { return nil }
        let bytes = try AuditFiles.read(path)
        let prefix = Array("\n\(number) ".utf8)
        for line in bytes.split(separator: AuditLine.newline).dropFirst() where line.starts(with: prefix.dropFirst()) {
            return Self.event(line)?.event
        }
        return nil
    }

    static func first(_ path: String) -> UInt64? {
        path.split(separator: "-").last.flatMap { UInt64($0.dropLast(4)) }
    }

    private static func events(
        _ bytes: [UInt8],
        _ query: AuditQuery,
        _ needles: [[UInt8]],
        before: UInt64?
    ) -> [Found] {
        var found: [Found] = []
        for line in bytes.split(separator: AuditLine.newline).dropFirst() {
            guard needles.allSatisfy({ line.firstRange(of: $0) != nil }), let hit = event(line) else { continue }
            if let before, hit.number >= before { break }
            if query.matches(hit.event) { found.append(hit) }
        }
        return found
    }

    static func event(_ line: ArraySlice<UInt8>) -> Found? {
        guard let entry = AuditLine.parse(line),
            let value = try? JSONValue(parsing: Array(entry.json).span.bytes, limits: JSONLimits(bytes: line.count)),
            let event = AuditEvent(value)
        else { return nil }
        return Found(number: entry.number, event: event)
    }
}

extension AuditReader {
    /// The same off the caller's thread: files are read in one go.
    public func found(_ query: AuditQuery, before: UInt64?, limit: Int) async throws(AuditError) -> Page {
        try await Self.elsewhere { () throws(AuditError) in try find(query, before: before, limit: limit) }
    }

    /// The same off the caller's thread.
    public func read(_ number: UInt64) async throws(AuditError) -> AuditEvent? {
        try await Self.elsewhere { () throws(AuditError) in try event(number) }
    }

    private static func elsewhere<Value: Sendable>(
        _ work: @escaping @Sendable () throws(AuditError) -> Value
    ) async throws(AuditError) -> Value {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                do throws(AuditError) {
                    continuation.resume(returning: Result<Value, AuditError>.success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
