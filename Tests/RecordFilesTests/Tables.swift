@testable import RecordFiles

/// What a table gives, in the order of the file.
enum TableItem: Equatable {
    case row(Int, [String])
    case fault(Int, String)
}

/// Reads a whole table from memory, handed out in pieces of the given length.
func table(_ text: String, pieceLength: Int = .max, fields: Int? = nil) throws(RecordFileError) -> [TableItem] {
    try table(Array(text.utf8), pieceLength: pieceLength, fields: fields)
}

/// Reads a whole table from memory, handed out in pieces of the given length.
func table(_ bytes: [UInt8], pieceLength: Int = .max, fields: Int? = nil) throws(RecordFileError) -> [TableItem] {
    var reader = CSVReader(MemorySource(bytes, pieceLength: pieceLength))
    if let fields { reader.requireFields(fields) }
    var row = CSVRow()
    var items: [TableItem] = []
    while true {
        switch try reader.next(&row) {
        case .row: items.append(.row(row.line, row.texts))
        case .fault(let line, let reason): items.append(.fault(line, reason))
        case .end: return items
        }
    }
}

/// Everything that a file of patients gives, and the error that ended it.
func items(
    _ bytes: [UInt8],
    name: String = "records",
    options: RecordFileOptions = RecordFileOptions()
) -> (items: [RecordFileItem], error: RecordFileError?) {
    var items: [RecordFileItem] = []
    do throws(RecordFileError) {
        var reader = try RecordFileReader(bytes: bytes, name: name, options: options)
        while let item = try reader.next() { items.append(item) }
        return (items, nil)
    } catch {
        return (items, error)
    }
}
