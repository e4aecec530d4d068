import Foundation

@testable import Audit

/// A trail in a directory of its own.
struct TrailFixture {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    static func event(_ number: Int) -> AuditEvent {
        var event = AuditEvent(
            time: UInt64(1_000 + number),
            action: number % 3 == 0 ? .create : .execute,
            interaction: number % 3 == 0 ? "create" : "search-type",
            route: "fhir.patient.\(number)",
            client: "clinic-\(number % 5)"
        )
        event.query = "GET /fhir/Patient?name=Ö\(number)\"\\"
        event.entities = [
            AuditEntity(source: "urn:a", value: "v\(number)", record: "r\(number)", done: "read", weight: 1.5)
        ]
        return event
    }

    /// Writes events in groups.
    func write(_ numbers: Range<Int>, group: Int = 3, fileBytes: Int = 2_000, key: String? = nil) throws {
        let writer = try AuditWriter(
            AuditSettings(directory: directory, keyPath: key, fileBytes: fileBytes, checkpointEntries: 7)
        )
        var next = numbers.lowerBound
        while next < numbers.upperBound {
            let end = min(next + group, numbers.upperBound)
            try writer.write((next..<end).map(Self.event), at: UInt64(next))
            next = end
        }
    }

    var files: [String] { get throws { try AuditFiles.all(in: directory) } }

    func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    func put(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    func isWhole() -> Bool { AuditVerifier().verify(directory: directory).isWhole }
}
