@testable import ShardStore
import Identifiers
import ShardProtocol
import SimulationKit
import Testing

@Suite("The state in files is equal to its dumb twin")
struct StateTwinTests {
    @Test("after every flush and merge", arguments: 0..<4)
    func afterEveryFlush(seed: Int) throws {
        let directory = try ScratchDirectory()
        var random = SimulationRandom(seed: UInt64(seed))
        let twin = SortedState(on: SimulatedDisk(seed: 1))
        var state = try TieredState(directory: directory.path + "/state")
        let kept = try state.makeReader()
        for number in 1...25 {
            let delta = Delta(after: StateMark())
            fill(delta, &random)
            delta.advance(to: UInt64(number), Epoch(3), message: 4, Sequence(5), logBytes: 1)
            try twin.apply(DeltaChanges(delta), mark: delta.mark)
            try state.apply(DeltaChanges(delta), mark: delta.mark)
            try compare(try twin.makeReader(), try state.makeReader())
            while try state.tidy({ false }) {
                try compare(try twin.makeReader(), try state.makeReader())
            }
            #expect(state.generation.runs.count < 12)
            if random.chance(200) { state = try TieredState(directory: directory.path + "/state") }
        }
        // A reader that was made before the first flush sees the first state's last moment.
        try kept.begin()
        kept.end()
    }

    /// Few keys with many records, so that blocks are split, emptied and filled again.
    private func fill(_ delta: Delta, _ random: inout SimulationRandom) {
        let isShrinking = random.chance(300)
        for _ in 0..<random.next(below: 1_200) {
            let key = random.next(below: 6) &* 0x2AAA_AAAA_AAAA_AAAB
            let record = RecordID(random.next(below: 900) &* 0x0012_3456_789A_BCDF)
            if random.chance(isShrinking ? 900 : 100) {
                delta.apply(.unpost(key: key, record: record))
            } else {
                delta.apply(
                    .post(key: key, sketch: SketchBits(random.next(), random.next(), random.next()), record: record)
                )
            }
        }
        for _ in 0..<random.next(below: 100) {
            let table = StoreTable.allCases[Int(random.next(below: 10))]
            let key = StoreKey(random.next(below: 60), sub: table.hasSubkey ? random.next(below: 3) : 0)
            if random.chance(300) {
                delta.apply(.delete(table, key))
            } else {
                let value = [UInt8](
                    repeating: UInt8(truncatingIfNeeded: random.next()),
                    count: Int(random.next(below: 9_000))
                )
                value.withUnsafeBytes { delta.apply(.put(table, key, $0)) }
            }
        }
    }

    private func compare(_ twin: any StateReader, _ state: any StateReader) throws {
        try twin.begin()
        try state.begin()
        defer {
            twin.end()
            state.end()
        }
        #expect(try twin.mark() == state.mark())
        #expect(try twin.postingCount() <= state.postingCount())
        for table in StateTable.allCases {
            #expect(try twin.count(table) <= state.count(table))
            #expect(try rows(twin, table) == rows(state, table))
        }
        for index in 0..<6 {
            let key = UInt64(index) &* 0x2AAA_AAAA_AAAA_AAAB
            #expect(try block(twin, key) == block(state, key))
            for row in try rows(twin, .home).prefix(3) {
                #expect(try state.get(.home, row.key).map { [UInt8]($0) } == row.value)
            }
        }
        #expect(try state.get(.home, StoreKey(.max)) == nil)
    }

    private func rows(_ reader: any StateReader, _ table: StateTable) throws -> [ScanAnswer.Row] {
        var rows: [ScanAnswer.Row] = []
        try reader.walk(table, from: StoreKey(0)) { key, value in
            rows.append(ScanAnswer.Row(key: key, value: [UInt8](value)))
            return true
        }
        return rows
    }

    private func block(_ reader: any StateReader, _ key: UInt64) throws -> [Posting] {
        var postings: [Posting] = []
        try reader.block(key) { chunk in
            for index in 0..<PostingChunk.count(chunk) {
                postings.append(
                    Posting(record: PostingChunk.record(chunk, index), sketch: PostingChunk.sketch(chunk, index))
                )
            }
            return true
        }
        return postings
    }
}
