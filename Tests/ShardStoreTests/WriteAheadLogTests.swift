@testable import ShardStore
import Bytes
import Identifiers
import SimulationKit
import Testing

@Suite("The log")
struct WriteAheadLogTests {
    private let disk = SimulatedDisk(seed: 5)

    @Test func givesBackWhatWasAppendedInOrder() throws {
        let log = try open().log
        for number in 1...50 { #expect(try log.append([entry(number)]) == UInt64(number)) }
        #expect(try log.append([entry(51), entry(52), entry(53)]) == 53)
        #expect(try open().frames.map(\.payload) == (1...53).map { entry($0).payload })
        #expect(disk.names.count > 2, "frames went through several segments")
    }

    @Test func aFrameLargerThanASegmentGetsOneOfItsOwn() throws {
        let log = try open().log
        var large = entry(1)
        large.payload = [UInt8](repeating: 8, count: 50_000)
        _ = try log.append([large])
        _ = try log.append([entry(2)])
        #expect(try open().frames.map(\.payload.count) == [50_000, entry(2).payload.count])
    }

    @Test func framesThatTheStateHasAreNotGivenAgain() throws {
        let log = try open().log
        for number in 1...50 { _ = try log.append([entry(number)]) }
        let opened = try open(applied: 48)
        #expect(opened.frames.map(\.number) == [49, 50])
        #expect(opened.replay.frames == 2)
        #expect(opened.log.durable == 50)
    }

    @Test func cutSegmentsAreUsedAgain() throws {
        let log = try open().log
        for number in 1...400 {
            _ = try log.append([entry(number)])
            if number % 10 == 0 { try log.cut(through: UInt64(number)) }
        }
        #expect(disk.names.count <= 6)
        #expect(disk.names.contains { $0.hasPrefix("spare-") })
        let opened = try open(applied: 399)
        #expect(opened.frames.map(\.number) == [400])
        #expect(opened.replay.tornBytes == 0, "what a used segment held before is no tear")
    }

    @Test("A torn tail is cut, wherever it is torn", arguments: Array(stride(from: 1, to: 240, by: 7)))
    func tornTail(cut: Int) throws {
        let log = try open().log
        _ = try log.append([entry(1)])
        _ = try log.append([entry(2)])
        let name = try #require(disk.names.first)
        let end = LogSegment.headLength + LogFrame.length(payload: entry(1).payload.count)
        // The last bytes never reached the disk: they are still the zeros of the new segment.
        let file = try disk.directory().open(name)
        let zeros = [UInt8](repeating: 0, count: file.size - end - cut)
        try zeros.withBytes { bytes throws(StoreError) in try file.write(bytes, at: end + cut) }
        try file.sync()
        let opened = try open()
        let isWhole = cut >= LogFrame.headLength + entry(2).payload.count
        #expect(opened.frames.count == (isWhole ? 2 : 1))
        #expect((opened.replay.tornBytes > 0) == (cut > 16 && !isWhole))
        #expect(try opened.log.append([entry(9)]) == UInt64(isWhole ? 3 : 2))
        #expect(try open().frames.last?.payload == entry(9).payload)
    }

    @Test func aFileThatEndsInThePaddingOfItsLastFrameIsNotMadeLonger() throws {
        _ = try open().log.append([entry(1)])
        let name = try #require(disk.names.first)
        let end = LogSegment.headLength + LogFrame.headLength + entry(1).payload.count
        #expect(end % LogFrame.alignment != 0)
        try disk.directory().open(name).truncate(to: end)
        #expect(try open().frames.map(\.payload) == [entry(1).payload])
        #expect(disk.content(of: name)?.count == end)
        #expect(try open().frames.count == 1)
    }

    @Test func framesOfAGroupThatWasNeverSyncedAreNotTakenForDamage() throws {
        let log = try open().log
        _ = try log.append([entry(1)])
        _ = try log.append([entry(2), entry(3), entry(4)])
        // Of the group's three frames the first did not reach the disk.
        try damage(frame: 2)
        #expect(try open().frames.map(\.number) == [1])
        // Nor do the other two come back to life once something else stands before them.
        let again = try open()
        var other = entry(2)
        other.payload[0] ^= 1
        _ = try again.log.append([other])
        #expect(try open().frames.map(\.payload) == [entry(1).payload, other.payload])
    }

    @Test func damageBeforeDurableFramesIsNamed() throws {
        let log = try open().log
        for number in 1...4 { _ = try log.append([entry(number)]) }
        try damage(frame: 2)
        let name = try #require(disk.names.first)
        let offset = LogSegment.headLength + LogFrame.length(payload: entry(1).payload.count)
        #expect(throws: StoreError.corruptLog(segment: name, offset: offset)) { _ = try open() }
    }

    @Test func damageInAnEarlierSegmentIsNamed() throws {
        let log = try open().log
        for number in 1...50 { _ = try log.append([entry(number)]) }
        let name = try #require(disk.names.first)
        try damage(frame: 2)
        let offset = LogSegment.headLength + LogFrame.length(payload: entry(1).payload.count)
        #expect(throws: StoreError.corruptLog(segment: name, offset: offset)) { _ = try open() }
    }

    @Test func aMissingSegmentIsNamed() throws {
        let log = try open().log
        for number in 1...50 { _ = try log.append([entry(number)]) }
        let names = disk.names
        try disk.directory().remove(names[0])
        let found = try #require(LogSegment.first(ofName: names[1]))
        #expect(throws: StoreError.missingLog(expected: 1, found: found)) { _ = try open() }
        // The state may have what the missing one held.
        #expect(try open(applied: found).frames.first?.number == found + 1)
    }

    @Test func aMissingSegmentInTheMiddleIsNamed() throws {
        let log = try open().log
        for number in 1...50 { _ = try log.append([entry(number)]) }
        let names = disk.names
        try disk.directory().remove(names[1])
        #expect(throws: StoreError.self) { _ = try open() }
    }

    @Test func anUnknownFormatIsRefused() throws {
        let log = try open().log
        _ = try log.append([entry(1)])
        let name = try #require(disk.names.first)
        var head = LogSegment(first: 1, salt: 0).head
        head[4] = 9
        let checksum = CRC32C.checksum(Array(head[..<20]))
        for index in 0..<4 { head[20 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(index))) }
        let file = try disk.directory().open(name)
        try head.withBytes { bytes throws(StoreError) in try file.write(bytes, at: 0) }
        #expect(throws: StoreError.unknownFormat(file: name, found: 9, known: 1)) { _ = try open() }
    }

    @Test func whatAFullDiskRefusesIsNotInTheLogLater() throws {
        disk.set(freeBytes: 9_000)
        let log = try open().log
        var stored: [UInt64] = []
        for number in 1...200 {
            do throws(StoreError) {
                stored.append(try log.append([entry(number)]))
            } catch {
                #expect(error == .diskFull)
                #expect(stored.count > 20)
                disk.set(freeBytes: 1 << 20)
            }
        }
        #expect(stored.count == 199)
        #expect(try open().frames.map(\.number) == stored)
    }

    @Test func randomBytesAreNeverAFrame() throws {
        var random = SimulationRandom(seed: 3)
        for _ in 0..<20_000 {
            var bytes = (0..<random.next(below: 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if bytes.count > 12, random.chance(500) { bytes.replaceSubrange(0..<4, with: Array("TSLF".utf8)) }
            bytes.withUnsafeBytes { #expect((try? LogFrame($0, at: 0, salt: 1)) == nil) }
        }
    }

    private func entry(_ number: Int) -> LogEntry {
        LogEntry(
            kind: .commit,
            epoch: Epoch(1),
            message: UInt64(number),
            through: Sequence(UInt64(number)),
            payload: (0..<(100 + number % 40)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
        )
    }

    private func damage(frame: Int) throws {
        let name = try #require(disk.names.first)
        var offset = LogSegment.headLength
        for number in 1..<frame { offset += LogFrame.length(payload: entry(number).payload.count) }
        disk.flipByte(of: name, at: offset + LogFrame.headLength + 3)
    }

    private struct Opened {
        let log: WriteAheadLog
        let replay: LogReplay
        let frames: [(number: UInt64, payload: [UInt8])]
    }

    @discardableResult
    private func open(applied: UInt64 = 0) throws(StoreError) -> Opened {
        var frames: [(number: UInt64, payload: [UInt8])] = []
        let (log, replay) = try WriteAheadLog.open(disk.directory(), segmentBytes: 4_096, salt: 77, applied: applied) {
            frame throws(StoreError) in
            frames.append((frame.number, [UInt8](frame.payload)))
        }
        return Opened(log: log, replay: replay, frames: frames)
    }
}
