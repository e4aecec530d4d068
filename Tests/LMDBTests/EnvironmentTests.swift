import Foundation
import LMDB
import Testing

@Suite("An LMDB environment")
struct EnvironmentTests {
    @Test func aSnapshotDoesNotSeeLaterChanges() throws {
        try withEnvironment { environment, table in
            try environment.write { txn throws(LMDBError) in try txn.put(table, "a", "1") }
            let reader = try PooledReader(environment)
            try reader.begin()
            try environment.write { txn throws(LMDBError) in
                try txn.put(table, "a", "2")
                try txn.put(table, "b", "3")
            }
            #expect(try reader.get(table, "a") == "1")
            #expect(try reader.get(table, "b") == nil)
            reader.end()
            try reader.begin()
            #expect(try reader.get(table, "a") == "2")
            #expect(try reader.count(table) == 2)
            reader.end()
        }
    }

    @Test func aChangeThatThrowsIsGivenUp() throws {
        try withEnvironment { environment, table in
            #expect(throws: LMDBError.self) {
                try environment.write { txn throws(LMDBError) in
                    try txn.put(table, "a", "1")
                    try txn.put(table, "", "a key must not be empty")
                }
            }
            let found = try environment.read { txn throws(LMDBError) in try txn.count(table) }
            #expect(found == 0)
        }
    }

    @Test func aCursorReadsInOrderUntilItsUserHasEnough() throws {
        try withEnvironment { environment, table in
            try environment.write { txn throws(LMDBError) in
                for key in ["d", "a", "c", "b"] { try txn.put(table, key, key + key) }
            }
            let reader = try PooledReader(environment)
            for _ in 0..<2 {
                try reader.begin()
                var seen: [String] = []
                try "b".lent { start throws(LMDBError) in
                    let cursor = try reader.makeCursor(table)
                    var row = try cursor.seek(start)
                    while let found = row, seen.count < 2 {
                        seen.append(
                            String(decoding: found.key, as: UTF8.self) + String(decoding: found.value, as: UTF8.self)
                        )
                        row = try cursor.next()
                    }
                }
                #expect(seen == ["bbb", "ccc"])
                reader.end()
            }
        }
    }

    @Test func aRowIsRemovedOnce() throws {
        try withEnvironment { environment, table in
            try environment.write { txn throws(LMDBError) in
                for key in ["a", "b", "c"] { try txn.put(table, key, "1") }
                for _ in 0..<2 {
                    try "b".lent { key throws(LMDBError) in _ = try txn.delete(table, key) }
                }
            }
            let keys = try environment.read { txn throws(LMDBError) in
                [try txn.get(table, "a"), try txn.get(table, "b"), try txn.get(table, "c")]
            }
            #expect(keys == ["1", nil, "1"])
        }
    }

    @Test func aFullMapIsToldApartAndTheEnvironmentGoesOn() throws {
        var options = EnvironmentOptions()
        options.mapSize = 1 << 20
        try withEnvironment(options) { environment, table in
            let big = String(repeating: "x", count: 600_000)
            try environment.write { txn throws(LMDBError) in try txn.put(table, "a", "1") }
            do throws(LMDBError) {
                try environment.write { txn throws(LMDBError) in
                    try txn.put(table, "b", big)
                    try txn.put(table, "c", big)
                }
                Issue.record("two values of 600 kB do not fit into 1 MiB")
            } catch {
                #expect(error.kind == .full)
            }
            let found = try environment.read { txn throws(LMDBError) in try txn.get(table, "a") }
            #expect(found == "1")
            try environment.write { txn throws(LMDBError) in try txn.put(table, "d", "2") }
        }
    }

    @Test func aFileThatIsNotLMDBsIsRefused() throws {
        let path = NSTemporaryDirectory() + "lmdb-test-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        defer { try? FileManager.default.removeItem(atPath: path + "-lock") }
        try Data(repeating: 0x41, count: 65_536).write(to: URL(fileURLWithPath: path))
        do throws(LMDBError) {
            _ = try Environment(path: path)
            Issue.record("the file holds no environment")
        } catch {
            #expect(error.kind == .damaged)
        }
    }

    private func withEnvironment(
        _ options: EnvironmentOptions = EnvironmentOptions(),
        _ body: (Environment, Table) throws -> Void
    ) throws {
        let path = NSTemporaryDirectory() + "lmdb-test-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        defer { try? FileManager.default.removeItem(atPath: path + "-lock") }
        let environment = try Environment(path: path, options: options)
        try body(environment, try environment.openTables(["test"])[0])
    }
}
