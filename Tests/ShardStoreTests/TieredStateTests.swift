@testable import ShardStore
import Foundation
import Identifiers
import ShardProtocol
import Testing

@Suite("A state of several files")
struct TieredStateTests {
    private let directory: ScratchDirectory
    private var path: String { directory.path + "/state" }

    init() throws { directory = try ScratchDirectory() }

    private func apply(_ state: TieredState, _ frame: UInt64, _ fill: (Delta) -> Void) throws {
        let delta = Delta(after: StateMark())
        fill(delta)
        delta.advance(to: frame, Epoch(1), message: frame, Sequence(frame), logBytes: 1)
        try state.apply(DeltaChanges(delta), mark: delta.mark)
    }

    private func put(_ delta: Delta, _ key: UInt64, _ text: String) {
        Array(text.utf8).withUnsafeBytes { delta.put(.home, StoreKey(key), $0) }
    }

    private func text(_ state: TieredState, _ key: UInt64) throws -> String? {
        let reader = try state.makeReader()
        try reader.begin()
        defer { reader.end() }
        return try reader.get(.home, StoreKey(key)).map { String(decoding: $0, as: UTF8.self) }
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("run-") }.sorted()
    }

    @Test func newerFilesHideOlderOnes() throws {
        let state = try TieredState(directory: path)
        try apply(state, 1) { delta in
            put(delta, 1, "one")
            put(delta, 2, "two")
            put(delta, 3, "")
        }
        try apply(state, 2) { delta in
            put(delta, 1, "uno")
            delta.delete(.home, StoreKey(2))
        }
        let opened = try TieredState(directory: path)
        for one in [state, opened] {
            #expect(try text(one, 1) == "uno")
            #expect(try text(one, 2) == nil)
            #expect(try text(one, 3)?.isEmpty == true)
            #expect(try text(one, 4) == nil)
            #expect(one.generation.mark.frame == 2)
        }
    }

    /// As when a move has taken slots away: two files of unlike sizes would not be merged for a long time.
    @Test func whatIsTakenAwayGivesItsRoomBack() throws {
        let state = try TieredState(directory: path)
        try apply(state, 1) { delta in
            for record in 0..<60_000 as Range<UInt64> {
                delta.apply(.post(key: record, sketch: SketchBits(1), record: RecordID(record)))
            }
        }
        let before = state.fileBytes
        #expect(try state.tidy { false } == false)
        try apply(state, 2) { delta in
            for record in 0..<20_000 as Range<UInt64> { delta.apply(.unpost(key: record, record: RecordID(record))) }
        }
        #expect(try state.tidy { false })
        #expect(try files().count == 1)
        #expect(state.fileBytes < before * 3 / 4)
        #expect(try state.tidy { false } == false)
    }

    @Test func mergingDropsWhatIsSupersededAndItsFiles() throws {
        let state = try TieredState(directory: path)
        let reader = try state.makeReader()
        for frame in 1...4 {
            try apply(state, UInt64(frame)) { delta in
                put(delta, 1, "version \(frame)")
                if frame == 4 { delta.delete(.home, StoreKey(7)) } else { put(delta, 7, "gone later") }
            }
        }
        try reader.begin()
        let lent = try #require(try reader.get(.home, StoreKey(1)))
        #expect(try reader.count(.home) == 8)
        #expect(try state.tidy { true } == false)
        #expect(try files().count == 4)
        #expect(try state.tidy { false })
        #expect(try state.tidy { false } == false)
        #expect(try files().count == 1)
        // What was lent before the merge stays readable until the snapshot ends.
        #expect(String(decoding: lent, as: UTF8.self) == "version 4")
        reader.end()
        try reader.begin()
        #expect(try reader.count(.home) == 1)
        #expect(try reader.get(.home, StoreKey(7)) == nil)
        reader.end()
    }

    @Test func framesWithoutRowsMoveTheMarkOnly() throws {
        let state = try TieredState(directory: path)
        try apply(state, 9) { _ in }
        #expect(try files().isEmpty)
        #expect(try TieredState(directory: path).generation.mark.frame == 9)
    }

    @Test func filesThatTheManifestDoesNotNameAreRemoved() throws {
        var state = try TieredState(directory: path)
        try apply(state, 1) { put($0, 1, "one") }
        let kept = try files()
        for name in ["run-00000000000000ff.mdb", "run-half"] {
            try Data("left over by a crash".utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        }
        state = try TieredState(directory: path)
        #expect(try files() == kept)
        #expect(try text(state, 1) == "one")
    }

    @Test func aMissingOrCutFileIsNamed() throws {
        try apply(try TieredState(directory: path), 1) { delta in
            for key in 0..<2_000 { put(delta, UInt64(key), "a row of some length, so that there are several pages") }
        }
        let name = path + "/" + (try #require(try files().first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: name))
        func refusal() -> String {
            do throws(StoreError) {
                _ = try TieredState(directory: path)
                return "opened"
            } catch {
                return error.description
            }
        }
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: name))
        #expect(refusal().contains("\(name) is cut short"))
        try Data(count: whole.count).write(to: URL(fileURLWithPath: name))
        #expect(refusal().contains("is damaged"))
        try FileManager.default.removeItem(atPath: name)
        #expect(refusal().contains("\(name) is missing"))
    }

    @Test func aManifestOfAnotherFormatIsRefused() throws {
        let manifest = path + "/manifest.mdb"
        do {
            _ = try TieredState(directory: path)
            try StateFormat.write(7, to: manifest)
        }
        do throws(StoreError) {
            _ = try TieredState(directory: path)
            Issue.record("format 7 is not known")
        } catch {
            #expect(error == .unknownFormat(file: manifest, found: 7, known: RunTables.format))
            #expect(error.description.contains("use the program that wrote it"))
        }
    }

    @Test func aStoreOfTheFirstFormatIsRefused() throws {
        let old = directory.path + "/state.mdb"
        try Data("one file, changed in place".utf8).write(to: URL(fileURLWithPath: old))
        do throws(StoreError) {
            _ = try ShardStore(directory: directory.path)
            Issue.record("format 1 is not read any more")
        } catch {
            #expect(error == .unknownFormat(file: old, found: 1, known: RunTables.format))
        }
    }
}
