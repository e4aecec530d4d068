import Foundation
import RecordFiles
import Testing

/// Files on disk: read, written, and refused with the reason.
@Suite struct FilesTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test func `a compressed file on disk is read with its progress`() throws {
        try withFolder { folder in
            let path = folder + "/clinic.csv.gz"
            let rows = (0..<1_000).map { "r\($0)" }.joined(separator: "\n")
            let bytes = GzipTests.gzip(Array("record_id\n\(rows)\n".utf8))
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            var reader = try RecordFileReader(path: path)
            var count = 0
            while let item = try reader.next() {
                if case .record = item { count += 1 }
            }
            #expect(count == 1_000)
            #expect(reader.bytesRead == bytes.count)
            #expect(reader.size == bytes.count)
        }
    }

    @Test func `a file that cannot be opened is told with the reason`() throws {
        #expect {
            _ = try RecordFileReader(path: "/nowhere/x.csv")
        } throws: {
            "\($0)" == "cannot open /nowhere/x.csv: No such file or directory"
        }
        try withFolder { folder in
            #expect {
                _ = try RecordFileReader(path: folder)
            } throws: {
                "\($0)" == "cannot read \(folder): it is a directory"
            }
            #expect(throws: RecordFileError.self) { try RejectsFile(path: folder + "/no/rejects.csv") }
        }
    }

    @Test func `links are written and read back`() throws {
        try withFolder { folder in
            let path = folder + "/links.csv"
            let rows = [
                LinkRow(source: "a", recordID: "1", goldenID: "G1"),
                LinkRow(source: "b,c", recordID: "\"2\"", goldenID: "G1"),
                LinkRow(source: "é", recordID: "3\n4", goldenID: "G2"),
            ]
            let file = try LinksFile(path: path)
            for row in rows { try file.append(row) }
            try file.finish()
            #expect(try LinksFile.rows(path: path) == rows)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "source,record_id,golden_id\na,1,G1\n\"b,c\",\"\"\"2\"\"\",G1\né,\"3\n4\",G2\n")
            #expect(try LabelledRecords.links(path: path).labels == ["G1", "G1", "G2"])
        }
    }

    @Test func `a links file must be right in every line`() throws {
        try withFolder { folder in
            let path = folder + "/links.csv"
            for (text, told) in [
                ("record_id,golden_id\n1\n", "line 2: 1 fields where the header has 2"),
                ("golden_id\nG\n", "no column record_id among golden_id; map one with --map COLUMN=record_id"),
            ] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                #expect { try LinksFile.rows(path: path) } throws: { "\($0)" == told }
            }
        }
    }

    @Test func `rejects are listed with file, line, name and reason`() throws {
        try withFolder { folder in
            let path = folder + "/rejects.csv"
            var file = try RejectsFile(path: path)
            try file.append(file: "x.csv", line: 7, recordID: nil, reason: "2 fields, not 3")
            try file.append(file: "x.csv", line: 9, recordID: "r9", reason: "late")
            try file.finish()
            #expect(file.count == 2)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "file,line,record_id,reason\nx.csv,7,,\"2 fields, not 3\"\nx.csv,9,r9,late\n")
        }
    }
}
