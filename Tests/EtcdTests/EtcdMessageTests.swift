import TestRandom
import Testing
import Transport

@testable import Etcd

/// Bytes on the wire, held against what the protobuf definitions of etcd 3.4 say, field by field.
struct EtcdMessageTests {
    @Test func aRangeAsksForAKeyOrAPrefix() {
        #expect(EtcdRange.request(.one("a")) == [0x0A, 1, 0x61])
        #expect(EtcdRange.request(.prefix("a/")) == [0x0A, 2, 0x61, 0x2F, 0x12, 2, 0x61, 0x30])
    }

    @Test func aTransactionComparesAndWrites() {
        let transaction = EtcdTransaction(
            conditions: [.absent("k"), .modified("m", 300)],
            steps: [.put("k", [0xFF], lease: 7), .read(.one("m"))]
        )
        #expect(
            transaction.encoded() == [
                // compare { target: CREATE, key: "k", create_revision: 0 }
                0x0A, 7, 0x10, 1, 0x1A, 1, 0x6B, 0x28, 0,
                // compare { target: MOD, key: "m", mod_revision: 300 }
                0x0A, 8, 0x10, 2, 0x1A, 1, 0x6D, 0x30, 0xAC, 0x02,
                // success { request_put { key: "k", value: FF, lease: 7 } }
                0x12, 10, 0x12, 8, 0x0A, 1, 0x6B, 0x12, 1, 0xFF, 0x18, 7,
                // success { request_range { key: "m" } }
                0x12, 5, 0x0A, 3, 0x0A, 1, 0x6D,
            ]
        )
    }

    @Test func leasesAndCredentialsAreWritten() {
        #expect(EtcdLease.grantRequest(seconds: 3) == [0x08, 3])
        #expect(EtcdLease.request(id: 1 << 63) == [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1])
        #expect(EtcdCredentials(user: "u", password: "pw").request() == [0x0A, 1, 0x75, 0x12, 2, 0x70, 0x77])
    }

    @Test func aWatchBeginsAtARevision() {
        #expect(
            EtcdEvents.request(.one("a"), from: 5) == [0x0A, 7, 0x0A, 1, 0x61, 0x18, 5, 0x20, 1]
        )
    }

    @Test func rowsAreRead() throws {
        // header { revision: 9 }, kvs { key: "a", create 3, mod 4, version 2, value "b", lease 5 }, count 1
        let row: [UInt8] = [0x0A, 1, 0x61, 0x10, 3, 0x18, 4, 0x20, 2, 0x2A, 1, 0x62, 0x30, 5]
        let range = try EtcdRange([0x0A, 4, 0x18, 9, 0x20, 2, 0x12, 14] + row + [0x20, 1])
        #expect(range.revision == 9)
        var expected = EtcdRow()
        (expected.key, expected.value) = ([0x61], [0x62])
        (expected.created, expected.modified, expected.lease) = (3, 4, 5)
        #expect(range.rows == [expected])
        // header { revision: 9 }, succeeded, responses { response_put {} }, responses { response_range { kvs } }
        let outcome = try EtcdTransaction.Outcome(
            [0x0A, 2, 0x18, 9, 0x10, 1, 0x1A, 2, 0x12, 0, 0x1A, 18, 0x0A, 16, 0x12, 14] + row
        )
        #expect(outcome.succeeded && outcome.revision == 9)
        #expect(outcome.ranges.map(\.rows) == [[expected]])
    }

    @Test func watchesTellChangesAndWhyTheyEnd() throws {
        let deletion: [UInt8] = [0x5A, 9, 0x08, 1, 0x12, 5, 0x0A, 1, 0x61, 0x18, 8]
        let message = try EtcdEvents([0x0A, 2, 0x18, 8] + deletion[...])
        #expect(message.revision == 8)
        #expect(message.events.map(\.isDeletion) == [true])
        #expect(message.events.first?.row.modified == 8)
        #expect(try EtcdEvents([0x18, 1]).isCreation)
        #expect(try EtcdEvents([0x20, 1, 0x28, 77]).end == .compacted(77))
        #expect(try EtcdEvents([0x20, 1, 0x32, 2, 0x6E, 0x6F]).end == .refused(.unavailable, "no"))
    }

    @Test func aLeaseThatIsOverHasNoTimeLeft() throws {
        #expect(try EtcdLease([0x10, 5, 0x18, 3]).seconds == 3)
        #expect(try EtcdLease([0x10, 5]).seconds == 0)
        // TTL -1
        let negative: [UInt8] = [0x10, 5, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]
        #expect(try EtcdLease(negative[...]).seconds == 0)
    }

    @Test(
        arguments: [
            [0x0A], [0x0A, 2, 0x61], [0x08, 0x80], [0x0B], [0x0C], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x09, 1],
            [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2],
        ] as [[UInt8]]
    )
    func whatIsCutOffOrOverlongIsRefused(bytes: [UInt8]) {
        #expect(throws: EtcdError.self) { try EtcdRow(bytes[...]) }
    }

    @Test func fieldsNobodyKnowsAreSkipped() throws {
        let row = try EtcdRow([0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x0D, 1, 2, 3, 4, 0x7A, 1, 9, 0x0A, 1, 0x61])
        #expect(row.key == [0x61])
    }

    /// Whatever a member sends, reading ends with a value or an error.
    @Test func noiseIsNeverATrap() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random) & 0x3F
            }
            _ = try? EtcdRange(bytes[...])
            _ = try? EtcdTransaction.Outcome(bytes[...])
            _ = try? EtcdEvents(bytes[...])
            _ = try? EtcdLease(bytes[...])
            _ = try? EtcdCredentials.token(bytes[...])
            var frame = GRPCFrame()
            frame.append(bytes)
            _ = try? frame.next()
        }
    }

    @Test func framesAreCutOutHoweverTheyArrive() throws {
        let messages: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 300)]
        let wire = messages.flatMap(GRPCFrame.encoded)
        for size in [1, 3, 7, 1_000] {
            var frame = GRPCFrame()
            var found: [[UInt8]] = []
            for start in stride(from: 0, to: wire.count, by: size) {
                frame.append(Array(wire[start..<min(start + size, wire.count)]))
                while let message = try frame.next() { found.append(message) }
            }
            #expect(found == messages)
        }
        var compressed = GRPCFrame()
        compressed.append([1, 0, 0, 0, 0])
        #expect(throws: EtcdError.self) { try compressed.next() }
        var huge = GRPCFrame()
        huge.append([0, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: EtcdError.self) { try huge.next() }
    }

    @Test func theStatusIsInTrailersOrHead() throws {
        try EtcdClient.check(status: 200, [:], ["grpc-status": "0"])
        #expect(throws: EtcdError.refused(.unavailable, "no leader")) {
            try EtcdClient.check(status: 200, ["grpc-status": "14", "grpc-message": "no leader"], [:])
        }
        #expect(throws: EtcdError.self) { try EtcdClient.check(status: 200, [:], [:]) }
        #expect(throws: EtcdError.self) { try EtcdClient.check(status: 502, [:], [:]) }
    }
}
