@testable import ShardStore
import Identifiers
import ShardProtocol
import SimulationKit
import Testing

extension StoreHarness {
    /// Everything that the store has, read by scans of a page size and by blocks.
    func content(pageRows: Int, keys: [UInt64]) throws -> StoreModel {
        var model = StoreModel()
        for table in StoreTable.allCases {
            var from: StoreKey? = StoreKey(0)
            while let start = from {
                let request = ScanRequest(table: table, from: start, through: .max, limit: pageRows)
                guard case .scan(let answer) = try core.scan(request) else { throw ShardError.timeout }
                for row in answer.rows {
                    let address = ReadRequest.Address(table, row.key)
                    #expect(model.rows[address] == nil, "a row came twice")
                    model.rows[address] = row.value
                }
                #expect(answer.next.map { $0 > start } ?? true, "a scan does not get on")
                from = answer.next
            }
        }
        try core.view { view throws(StoreError) in
            var reader = BlockReader()
            for key in keys {
                _ = try reader.read(key, view, limit: 1 << 20)
                guard !reader.postings.isEmpty else { continue }
                model.blocks[key] = Dictionary(reader.postings.map { ($0.record, $0.sketch) }) { first, _ in first }
                #expect(model.blocks[key]?.count == reader.postings.count, "a posting came twice")
            }
        }
        return model
    }

    /// Holds the store against a model.
    func expect(_ model: StoreModel, pageRows: Int = 7, _ comment: Comment? = nil) throws {
        let keys = Set(model.blocks.keys).union((0..<40).map { UInt64($0) &* 0x0666_6666_6666_6667 })
        let found = try content(pageRows: pageRows, keys: keys.sorted())
        #expect(found.rows == model.rows, comment)
        #expect(found.blocks == model.blocks, comment)
        let addresses = model.rows.keys.sorted { ($0.table.rawValue, $0.key) < ($1.table.rawValue, $1.key) }
        guard case .read(let answer) = try core.read(ReadRequest(rows: addresses)) else { throw ShardError.timeout }
        #expect(answer.values == addresses.map { model.rows[$0] }, comment)
    }
}
